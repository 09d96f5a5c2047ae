import assert from "node:assert/strict";
import { allPolicies } from "../../../policies/all";
import { parseSettings } from "../../../policies/settings";

const policies = allPolicies.map(({ name }) => name);
const whole = { image: "nginx", owner: "web", reason: "vendor mirror pending", expires: "2026-08-22" };

function read(exception: unknown, now = "2026-08-22T12:00:00Z"): string[] {
  const result = parseSettings({ exceptions: [exception] }, { policies, now: new Date(now) });
  if (!result.ok) throw new Error("the other settings were spoilt");
  const { exceptions, refusedExceptions } = result.settings;
  assert.equal(
    exceptions.length,
    refusedExceptions.length === 0 ? 1 : 0,
    "it applies exactly when it is not refused",
  );
  return refusedExceptions.map(({ path, problem, fix }) => `${path}: ${problem}; ${fix}`);
}

const correct = "correct the value in the configuration that the policies are given";
const at = "settings.exceptions[0]";

const days: readonly (readonly [now: string, ago: string | undefined])[] = [
  ["2026-08-21T00:00:00Z", undefined],
  ["2026-08-22T23:59:59.999Z", undefined],
  ["2026-08-22T23:30:00-05:00", "1 day"],
  ["2026-08-23T00:00:00Z", "1 day"],
  ["2026-09-03T12:00:00Z", "12 days"],
];

const refused: readonly (readonly [exception: unknown, line: string])[] = [
  ["nginx", `${at}: is "nginx" where Object was expected; ${correct}`],
  [{ ...whole, owner: undefined }, `${at}.owner: is undefined where string was expected; ${correct}`],
  [{ ...whole, owner: "  " }, `${at}.owner: "  " is empty; ${correct}`],
  [{ ...whole, reason: "" }, `${at}.reason: "" is empty; ${correct}`],
  [{ ...whole, resorce: "*" }, `${at}.resorce: there is no setting of this name; did you mean "resource"?`],
  [
    { ...whole, expires: "2026-02-30" },
    `${at}.expires: "2026-02-30" is no day; write it like 2026-12-31; ${correct}`,
  ],
  [
    { ...whole, expires: "31.12.2026" },
    `${at}.expires: "31.12.2026" is no day; write it like 2026-12-31; ${correct}`,
  ],
  [{ ...whole, expires: "never" }, `${at}.expires: "never" is no day; write it like 2026-12-31; ${correct}`],
  [
    { ...whole, image: "*.example.com/x" },
    `${at}.image: "*.example.com/x" has a "*" in its registry; a pattern names one registry, "*" stands in paths alone; ${correct}`,
  ],
  [
    { ...whole, resource: "traefik" },
    `${at}.resource: "traefik" is no URN; write urn:pulumi:stack::project::type::name, "*" for any part: "*::traefik"; ${correct}`,
  ],
];

describe("exceptions", () => {
  for (const [now, ago] of days) {
    it(ago === undefined ? `apply at ${now}` : `have expired at ${now}`, () => {
      assert.deepEqual(
        read(whole, now),
        ago === undefined
          ? []
          : [
              `${at}: the exception for "nginx" expired ${ago} ago (2026-08-22); owner: web; reason: "vendor mirror pending"; remove it, or let web renew it with a later "expires"`,
            ],
      );
    });
  }

  for (const [exception, line] of refused) {
    it(`are refused like ${JSON.stringify(exception)}`, () => {
      assert.deepEqual(read(exception), [line]);
    });
  }

  it("are refused without what they need", () => {
    assert.deepEqual(
      read({ image: "nginx" }).map((line) => line.split(":")[0]),
      [`${at}.owner`, `${at}.reason`, `${at}.expires`],
    );
  });

  it("are refused for a policy that there is not", () => {
    assert.match(
      read({ ...whole, policy: "all" })[0] ?? "",
      /^settings\.exceptions\[0\]\.policy: is "all" where \("image-pinned/,
    );
  });

  it("name their ticket", () => {
    assert.match(read({ ...whole, ticket: "WEB-1" }, "2026-09-01")[0] ?? "", /; ticket: WEB-1; /);
  });
});
