import assert from "node:assert/strict";
import { imageTagStated } from "../../policies/image-tag-stated";
import { contextOf, hex, imageOf, linesOf } from "./support";

const at = `@sha256:${hex}`;
const missing = "has no tag beside its digest";
const latest = `states "latest" beside its digest`;

const cases: readonly (readonly [
  text: string,
  tagAndDigest: string | undefined,
  digest: string | undefined,
  either: string | undefined,
  form?: "digest",
])[] = [
  [`nginx:1.27${at}`, undefined, `has the tag "1.27" beside its digest`, undefined],
  [`nginx${at}`, missing, undefined, undefined],
  [`nginx:latest${at}`, latest, `has the tag "latest" beside its digest`, latest],
  [`localhost:5000/a${at}`, missing, undefined, undefined],
  [`f${at}`, undefined, undefined, undefined, "digest"],
  // What has no digest is somebody else's.
  ["nginx:latest", undefined, undefined, undefined],
  ["nginx", undefined, undefined, undefined],
  [`nginx${at}0`, undefined, undefined, undefined],
];

describe("image-tag-stated", () => {
  for (const [text, ...rest] of cases) {
    const [, , , form] = rest;
    for (const [index, tag] of (["tag-and-digest", "digest", "either"] as const).entries()) {
      const problem = rest[index];
      it(`${problem === undefined ? "lets pass" : "reports"} ${text.slice(0, 24)} with tag: "${tag}"`, async () => {
        const lines = await linesOf(imageTagStated.check(imageOf(text, form), contextOf({ tag })));
        const first = problem === undefined ? undefined : `spec.containers[0].image: "${text}" ${problem}`;
        assert.equal(lines?.[0], first);
      });
    }
  }

  for (const [tag, text, fix] of [
    ["digest", `nginx:1${at}`, "leave the tag out"],
    ["tag-and-digest", `nginx${at}`, "state the tag that the digest was taken from"],
    ["either", `nginx:latest${at}`, "state the tag that the digest was taken from"],
  ] as const) {
    it(`gives no line where the tag has a place of its own, with tag: "${tag}"`, async () => {
      const image = { ...imageOf(text), place: { as: "digest", path: "image.digest" } as const };
      assert.equal((await linesOf(imageTagStated.check(image, contextOf({ tag }))))?.[2], `fix: ${fix}`);
    });
  }

  it("gives the line without the tag", async () => {
    const lines = await linesOf(imageTagStated.check(imageOf(`nginx:1${at}`), contextOf({ tag: "digest" })));
    assert.equal(lines?.[2], `fix: image: nginx${at}`);
  });
});
