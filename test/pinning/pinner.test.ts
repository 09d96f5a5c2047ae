import assert from "node:assert/strict";
import { ImageReferenceError, parseImageReference } from "../../images";
import { createPinner, explainPinError } from "../../pinning";
import { RegistryError } from "../../registry";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const a = testDigest("a");
const b = testDigest("b");

describe("createPinner", () => {
  it("keeps what its author pinned, and asks nobody", async () => {
    const registry = fakeRegistryClient({});
    const pin = await createPinner({ registry }).pin(parseImageReference(`nginx:1@${b}`));
    assert.deepEqual(pin, { digest: b, from: "reference" });
    assert.deepEqual(registry.asked, []);
  });
  it("asks the registry for a tag", async () => {
    const registry = fakeRegistryClient({ "docker.io/library/nginx:1": a });
    const pin = await createPinner({ registry }).pin(parseImageReference("nginx:1"));
    assert.deepEqual(pin, { digest: a, from: "registry" });
  });
});

describe("explainPinError", () => {
  const cases: readonly (readonly [text: string, error: unknown, sentence: RegExp])[] = [
    ["Nginx", new ImageReferenceError("empty", "is bad", ""), /^"Nginx" is bad$/],
    ["x@y", new ImageReferenceError("digest-length", "too short", ""), /^"x@y": too short$/],
    ["x", new Error("no way"), /^cannot resolve "x": no way$/],
    ["x", "thrown text", /^cannot resolve "x"$/],
    [
      "ghcr.io/x:1",
      new RegistryError({
        code: "not-found",
        registry: "ghcr.io",
        repository: "x",
        request: "HEAD /v2/x/manifests/1 on ghcr.io",
        outcome: "answered 404 MANIFEST_UNKNOWN",
        status: 404,
      }),
      /^cannot resolve "ghcr\.io\/x:1": HEAD \/v2\/x\/manifests\/1 on ghcr\.io answered 404 MANIFEST_UNKNOWN\nfix: .+$/,
    ],
  ];
  for (const [text, error, sentence] of cases) {
    it(`says ${sentence.source}`, () => {
      assert.match(explainPinError(text, error), sentence);
    });
  }
});
