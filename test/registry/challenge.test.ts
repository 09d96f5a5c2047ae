import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseChallenges } from "../../registry/challenge";

type Expected = readonly [scheme: string, parameters: Readonly<Record<string, string>>][];

const cases: readonly [string, Expected][] = [
  ["", []],
  ["Basic", [["basic", {}]]],
  [
    `Bearer realm="https://auth.example/token",service="registry"`,
    [["bearer", { realm: "https://auth.example/token", service: "registry" }]],
  ],
  [`BEARER Realm = "a" , SERVICE=b`, [["bearer", { realm: "a", service: "b" }]]],
  [
    `Basic realm="a, Bearer realm=b", Bearer realm="c"`,
    [
      ["basic", { realm: "a, Bearer realm=b" }],
      ["bearer", { realm: "c" }],
    ],
  ],
  [
    `Bearer realm="x",scope="repository:a/b:pull,push",error="invalid_token", Basic realm=""`,
    [
      ["bearer", { realm: "x", scope: "repository:a/b:pull,push", error: "invalid_token" }],
      ["basic", { realm: "" }],
    ],
  ],
  [String.raw`Basic realm="say \"hi\" \\"`, [["basic", { realm: String.raw`say "hi" \ `.trim() }]]],
  [
    `Negotiate abc==, Basic realm=r`,
    [
      ["negotiate", {}],
      ["basic", { realm: "r" }],
    ],
  ],
  [
    `Negotiate, Basic realm=r`,
    [
      ["negotiate", {}],
      ["basic", { realm: "r" }],
    ],
  ],
  [`Bearer realm="first",realm="second"`, [["bearer", { realm: "first" }]]],
  [`,, Basic realm="a",,`, [["basic", { realm: "a" }]]],
  [`Bearer realm="never ends`, [["bearer", {}]]],
  [`Bearer realm=`, [["bearer", {}]]],
  [`"quoted"`, []],
];

describe("registry/challenge", () => {
  for (const [header, expected] of cases) {
    it(`reads ${JSON.stringify(header)}`, () => {
      const found = parseChallenges(header).map(({ scheme, parameters }) => [
        scheme,
        Object.fromEntries(parameters),
      ]);
      assert.deepEqual(found, expected);
    });
  }

  it("keeps to so many challenges", () => {
    assert.equal(parseChallenges("Basic a=b, ".repeat(500)).length, 16);
  });

  for (const hostile of [
    `Bearer realm="${"\\".repeat(1e6)}`,
    `Bearer ${"a".repeat(1e6)}`,
    ", ".repeat(1e6),
    "Bearer ".repeat(1e5),
    `B ${"a=".repeat(1e6)}`,
  ]) {
    it(`is linear on ${hostile.slice(0, 16)}…`, () => {
      const started = performance.now();
      parseChallenges(hostile);
      assert.ok(performance.now() - started < 20);
    });
  }
});
