import assert from "node:assert/strict";
import fc from "fast-check";
import { emptyLock, formatLock, parseLock, type Lock } from "../../lock";
import { anyLock } from "./support/any-lock";
import { at, digestOf, entryWith } from "./support/entries";

describe("formatLock", () => {
  it("writes fields in one order, entries by name, and platforms on one line", () => {
    const lock: Lock = {
      $schema: "https://example.com/schema.json",
      images: new Map([
        [
          "docker.io/library/nginx:1.27",
          entryWith({
            signatures: {
              evidence: "AAAA",
              by: [
                { how: "identity", at: at("09:00"), who: "ada@example.com (https://accounts.example.com)" },
                { how: "key", who: "key SHA256:x" },
              ],
              verifiedAt: at("11:00"),
            },
            how: "pin",
            reason: "first",
            by: "Ada <ada@example.com>",
          }),
        ],
        [
          "docker.io/library/alpine:3",
          entryWith({
            platforms: [],
            tagMovedAt: at("11:00"),
            held: [{ digest: digestOf("bad"), heldAt: at("09:00"), reason: '"quoted" [\u2028'.slice(0, 10) }],
            history: [
              {
                digest: digestOf("bad"),
                lockedAt: at("08:00"),
                replacedAt: at("09:00"),
                platforms: ["linux/arm/v7"],
              },
            ],
          }),
        ],
      ]),
    };
    assert.equal(
      formatLock(lock),
      `{
  "$schema": "https://example.com/schema.json",
  "version": 1,
  "images": {
    "docker.io/library/alpine:3": {
      "digest": "${digestOf("first")}",
      "mediaType": "application/vnd.oci.image.index.v1+json",
      "platforms": [],
      "lockedAt": "2026-11-21T10:00:00Z",
      "verifiedAt": "2026-11-21T10:00:00Z",
      "tagMovedAt": "2026-11-21T11:00:00Z",
      "held": [
        {
          "digest": "${digestOf("bad")}",
          "heldAt": "2026-11-21T09:00:00Z",
          "reason": "\\"quoted\\" ["
        }
      ],
      "history": [
        {
          "digest": "${digestOf("bad")}",
          "platforms": ["linux/arm/v7"],
          "lockedAt": "2026-11-21T08:00:00Z",
          "replacedAt": "2026-11-21T09:00:00Z"
        }
      ]
    },
    "docker.io/library/nginx:1.27": {
      "digest": "${digestOf("first")}",
      "mediaType": "application/vnd.oci.image.index.v1+json",
      "platforms": ["linux/amd64", "linux/arm64"],
      "lockedAt": "2026-11-21T10:00:00Z",
      "verifiedAt": "2026-11-21T10:00:00Z",
      "how": "pin",
      "by": "Ada <ada@example.com>",
      "reason": "first",
      "signatures": {
        "verifiedAt": "2026-11-21T11:00:00Z",
        "by": [
          {
            "who": "ada@example.com (https://accounts.example.com)",
            "how": "identity",
            "at": "2026-11-21T09:00:00Z"
          },
          {
            "who": "key SHA256:x",
            "how": "key"
          }
        ],
        "evidence": "AAAA"
      }
    }
  }
}
`,
    );
  });

  it("writes a lock with nothing in it", () => {
    assert.equal(formatLock(emptyLock()), '{\n  "version": 1,\n  "images": {}\n}\n');
  });

  it("gives the same bytes for what it wrote itself", () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        const text = formatLock(lock);
        assert.equal(formatLock(parseLock(text)), text);
      }),
    );
  });

  it("loses nothing: what is read is what was written", () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        assert.deepEqual(parseLock(formatLock(lock)), { ...lock, images: new Map([...lock.images].sort()) });
      }),
    );
  });

  it("does not depend on the order in which entries and fields came", () => {
    const backwards = <T extends object>(value: T): T =>
      Object.fromEntries(Object.entries(value).reverse()) as T;
    fc.assert(
      fc.property(anyLock, (lock) => {
        const images = new Map([...lock.images].reverse().map(([name, entry]) => [name, backwards(entry)]));
        assert.equal(formatLock({ ...lock, images }), formatLock(lock));
      }),
    );
  });

  it("gives a text of lines that each hold one thing, so that a change of one entry touches no other", () => {
    fc.assert(
      fc.property(anyLock, (lock) => {
        const [name] = [...lock.images.keys()];
        fc.pre(name !== undefined);
        const images = new Map(lock.images);
        images.set(name, entryWith({ digest: digestOf("changed") }));
        const others = (text: string): string[] =>
          text
            .split(/\n(?= {4}"| {2}\})/)
            .filter((block) => !block.startsWith(`    ${JSON.stringify(name)}`));
        assert.deepEqual(others(formatLock({ ...lock, images })), others(formatLock(lock)));
      }),
    );
  });
});
