import assert from "node:assert/strict";
import { parseImageReference } from "../../images";
import { createPinner, type Pinner } from "../../pinning";
import { digestSuggester } from "../../policies/suggest";
import { RegistryError } from "../../registry";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const a = testDigest("a");

function failing(error: Error): { readonly pinner: Pinner; readonly asked: string[] } {
  const asked: string[] = [];
  const pinner: Pinner = {
    strategy: "registry",
    pin: async (reference) => {
      asked.push(reference.toString());
      return Promise.reject(error);
    },
    platforms: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { pinner, asked };
}

describe("digestSuggester", () => {
  it("asks once for each reference", async () => {
    const client = fakeRegistryClient({ "docker.io/library/nginx:1": a });
    const suggest = digestSuggester(createPinner({ registry: client }));
    const nginx = parseImageReference("nginx:1");
    assert.deepEqual(await Promise.all([suggest(nginx), suggest(nginx)]), [a, a]);
    assert.equal(await suggest(parseImageReference("docker.io/library/nginx:1")), a);
    assert.deepEqual(client.asked, ["docker.io/library/nginx:1"]);
  });

  const details = { registry: "ghcr.io", repository: "x", outcome: "went wrong" };
  const cases = [
    ["asks no more a registry that gave no answer", new RegistryError({ ...details, code: "timeout" }), 1],
    [
      "asks again a registry that answered that there is no such tag",
      new RegistryError({ ...details, code: "not-found", status: 404 }),
      2,
    ],
  ] as const;
  for (const [name, error, times] of cases) {
    it(name, async () => {
      const { pinner, asked } = failing(error);
      const suggest = digestSuggester(pinner);
      assert.equal(await suggest(parseImageReference("ghcr.io/x:1")), undefined);
      assert.equal(await suggest(parseImageReference("ghcr.io/x:2")), undefined);
      assert.equal(asked.length, times);
      // Another registry is none of its business.
      assert.equal(await suggest(parseImageReference("quay.io/x:2")), undefined);
      assert.equal(asked.length, times + 1);
    });
  }
});
