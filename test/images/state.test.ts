import assert from "node:assert/strict";
import { imageState, type ImageReferenceErrorCode, type ImageState } from "../../images";

const hex = "0123456789abcdef".repeat(4);

describe("imageState", () => {
  const table: readonly (readonly [string, ImageState["kind"], ImageReferenceErrorCode?])[] = [
    ["nginx", "untagged"],
    ["localhost:5000/team/app", "untagged"],
    ["nginx:latest", "tag"],
    ["nginx:1.27", "tag"],
    [`nginx@sha256:${hex}`, "digest"],
    [`nginx:1.27@sha256:${hex}`, "digest"],
    [`nginx@sha512:${hex}${hex}`, "digest"],
    ["scratch", "scratch"],
    ["scratch:1", "tag"],
    ["acme/scratch", "untagged"],
    [`sha256:${hex}`, "local"],
    [`sha512:${hex}${hex}`, "local"],
    [hex, "local"],
    [`sha256:${hex.slice(1)}`, "malformed", "digest-length"],
    [`sha256:${hex}0`, "malformed", "digest-length"],
    [`sha256:${hex.toUpperCase()}`, "malformed", "digest-uppercase"],
    [`sha256:${hex.slice(0, 40)}xyz`, "malformed", "digest-character"],
    [hex.slice(1), "untagged"],
    // An image of the name sha256 with a short tag: the grammar says so, and nothing speaks against it.
    ["sha256:abc", "tag"],
    ["", "malformed", "empty"],
    ["nginx@", "malformed", "digest-empty"],
    ["nginx@latest", "malformed", "digest-algorithm-missing"],
    ["https://example.com/x", "malformed", "url"],
  ];

  for (const [text, kind, code] of table) {
    it(`${JSON.stringify(text.slice(0, 90))} is ${kind}`, () => {
      const state = imageState(text);
      assert.equal(state.kind, kind);
      assert.equal(state.kind === "malformed" ? state.error.code : undefined, code);
      assert.equal("text" in state ? state.text : undefined, text);
    });
  }

  it("carries what the state is about", () => {
    const pinned = imageState(`nginx:1.27@sha256:${hex}`);
    assert.ok(pinned.kind === "digest");
    assert.equal(pinned.digest, `sha256:${hex}`);
    const tagged = imageState("nginx:1.27");
    assert.ok(tagged.kind === "tag");
    assert.equal(tagged.tag, "1.27");
    const local = imageState(hex);
    assert.ok(local.kind === "local");
    assert.equal(local.id, `sha256:${hex}`);
  });
});
