import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import fc from "fast-check";
import * as v from "valibot";
import { formatLock, parseLock } from "../../lock";
import { renderSchema, schemaPath } from "../../tools/schema";
import { anyLock } from "../lock/support/any-lock";
import { at, digestOf, entryWith } from "../lock/support/entries";

const text = readFileSync(schemaPath, "utf8");
const validate = new Ajv({ allErrors: false, unknownFormats: "ignore" }).compile(
  v.parse(v.looseObject({}), JSON.parse(text)),
);

describe("schemas/images.lock.schema.json", () => {
  it("is what lock/ reads (npm run schema writes it)", async () => {
    assert.equal(await renderSchema(), text);
  });

  it("says something of every field", () => {
    const silent: string[] = [];
    const look = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        const at = `${path}/${key}`;
        if (
          path.endsWith("/properties") &&
          !(typeof value === "object" && value !== null && "description" in value)
        )
          silent.push(at);
        look(value, at);
      }
    };
    look(JSON.parse(text), "");
    assert.deepEqual(silent, []);
  });

  it("takes every lock that is written", () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        assert.ok(validate(JSON.parse(formatLock(lock))), JSON.stringify(validate.errors));
      }),
    );
  });

  const name = "docker.io/library/nginx:1.27-alpine";
  const entry = {
    digest: digestOf("new"),
    mediaType: "application/vnd.oci.image.index.v1+json",
    platforms: ["linux/amd64", "linux/arm64"],
    lockedAt: "2026-11-21T10:00:00Z",
    verifiedAt: "2026-11-21T10:00:00Z",
    history: [
      {
        digest: digestOf("old"),
        lockedAt: "2026-10-21T10:00:00Z",
        replacedAt: "2026-11-21T10:00:00Z",
        reason: "CVE-2026-1234",
        by: "Ada <ada@example.com>",
      },
    ],
  };
  const held = [{ digest: digestOf("bad"), heldAt: at("09:00") }];

  // what, file, whether it is a lock
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ["the example of the format", { version: 1, images: { [name]: entry } }, true],
    ["with an editor's schema", { $schema: "./x.json", version: 1, images: {} }, true],
    ["a choice for one platform", { version: 1, images: { [`${name} linux/arm/v7`]: entryWith() } }, true],
    ["a registry with a port", { version: 1, images: { "localhost:5000/team/app:1": entryWith() } }, true],
    ["with a hold", { version: 1, images: { [name]: { ...entry, held } } }, true],
    ["no version", { images: {} }, false],
    ["version 2", { version: 2, images: {} }, false],
    ["a list of images", { version: 1, images: [] }, false],
    ["an unknown field", { version: 1, images: {}, policies: [] }, false],
    ["an unknown field of an entry", { version: 1, images: { [name]: { ...entry, digset: "x" } } }, false],
    ["an entry without digest", { version: 1, images: { [name]: { ...entry, digest: undefined } } }, false],
    ["63 digits", { version: 1, images: { [name]: { ...entry, digest: entry.digest.slice(0, -1) } } }, false],
    [
      "a time with milliseconds",
      { version: 1, images: { [name]: { ...entry, lockedAt: "2026-11-21T10:00:00.000Z" } } },
      false,
    ],
    [
      "the 32nd of a month",
      { version: 1, images: { [name]: { ...entry, lockedAt: "2026-11-32T10:00:00Z" } } },
      false,
    ],
    ["no platform", { version: 1, images: { [name]: { ...entry, platforms: ["amd64"] } } }, false],
    ["another verb", { version: 1, images: { [name]: { ...entry, how: "update" } } }, false],
    ["an empty history", { version: 1, images: { [name]: { ...entry, history: [] } } }, false],
    [
      "a hold without its time",
      { version: 1, images: { [name]: { ...entry, held: [{ digest: digestOf("bad") }] } } },
      false,
    ],
    ["a name without a registry", { version: 1, images: { "nginx:1.27": entry } }, false],
    ["a name with a digest", { version: 1, images: { [`${name}@${entry.digest}`]: entry } }, false],
    ["a reason on two lines", { version: 1, images: { [name]: { ...entry, reason: "a\nb" } } }, false],
  ];
  for (const [what, file, expected] of cases) {
    it(`${expected ? "takes" : "refuses"} ${what}, as lock/ does`, () => {
      const json = JSON.stringify(file);
      assert.equal(validate(JSON.parse(json)), expected);
      if (expected) assert.doesNotThrow(() => parseLock(json));
      else assert.throws(() => parseLock(json), { name: "LockError" });
    });
  }
});
