import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { byDigest, parseDigest, parseImageReference } from "../../images";

const digest = parseDigest(`sha256:${"a".repeat(64)}`);

describe("byDigest", () => {
  // reference, the same image by its digest
  for (const [reference, expected] of [
    ["nginx", "docker.io/library/nginx"],
    ["ghcr.io/acme/api:2.3", "ghcr.io/acme/api"],
    [`localhost:5000/a/b:1@sha256:${"b".repeat(64)}`, "localhost:5000/a/b"],
    ["[::1]:5000/a", "[::1]:5000/a"],
  ] as const) {
    it(`names ${reference} without its tag`, () => {
      const named = byDigest(parseImageReference(reference), digest);
      assert.equal(named.toString(), `${expected}@${digest}`);
      assert.equal(named.digest, digest);
      assert.equal(named.tag, undefined);
    });
  }
});
