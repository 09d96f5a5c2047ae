import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { pinnedValues } from "../../components/kubernetes";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const [a, b, c] = [testDigest("a"), testDigest("b"), testDigest("c")];

const registry = fakeRegistryClient({
  "ghcr.io/acme/api:2": a,
  "docker.io/library/nginx:1": b,
  "docker.io/library/redis": a,
});

async function settled(values: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    pulumi.output([values]).apply(([known]: readonly unknown[]) => {
      resolve(known);
    });
  });
}

type Values = Parameters<typeof pinnedValues>[0];

const api = { repository: "ghcr.io/acme/api", tag: "2" };

const cases: readonly (readonly [name: string, given: Values, expected: unknown])[] = [
  ["no digest", { image: api }, { image: { ...api, digest: a } }],
  ["an empty digest", { image: { ...api, digest: "" } }, { image: { ...api, digest: a } }],
  ["a digest, which wins", { image: { ...api, digest: c } }, { image: { ...api, digest: c } }],
  [
    "a digest and no tag",
    { image: { repository: "nginx", digest: c } },
    { image: { repository: "nginx", digest: c } },
  ],
  [
    "a registry of its own",
    { image: { registry: "ghcr.io", repository: "acme/api", tag: 2 } },
    { image: { registry: "ghcr.io", repository: "acme/api", tag: 2, digest: a } },
  ],
  ["bare hex digits", { image: { ...api, sha: "" } }, { image: { ...api, sha: a.slice("sha256:".length) } }],
  [
    "a tag behind the repository",
    { image: { repository: "nginx:1" } },
    { image: { repository: "nginx:1", digest: b } },
  ],
  ["text", { image: "nginx:1" }, { image: `nginx:1@${b}` }],
  ["text under a longer name", { sidecarImage: "nginx:1" }, { sidecarImage: `nginx:1@${b}` }],
  ["text without a tag", { image: "redis" }, { image: `redis@${a}` }],
  ["pinned text", { image: `nginx:1@${c}` }, { image: `nginx:1@${c}` }],
  [
    "nested and listed images",
    { web: { deep: { image: api } }, sidecars: [{ image: "nginx:1" }, { name: "none" }] },
    {
      web: { deep: { image: { ...api, digest: a } } },
      sidecars: [{ image: `nginx:1@${b}` }, { name: "none" }],
    },
  ],
  [
    "outputs at every level",
    { web: pulumi.output({ image: Promise.resolve({ repository: pulumi.output("nginx"), tag: "1" }) }) },
    { web: { image: { repository: "nginx", tag: "1", digest: b } } },
  ],
  [
    "no image whose tag is the chart's own",
    {
      image: { repository: "redis" },
      web: { image: { repository: pulumi.output("redis"), tag: "", digest: "" } },
      cache: { image: "redis", tag: "" },
    },
    {
      image: { repository: "redis" },
      web: { image: { repository: "redis", tag: "", digest: "" } },
      cache: { image: "redis", tag: "" },
    },
  ],
  [
    "what is no image",
    { imagePullPolicy: "Always", repository: "https://charts.example.com", busyboxImage: "true", image: "" },
    { imagePullPolicy: "Always", repository: "https://charts.example.com", busyboxImage: "true", image: "" },
  ],
];

describe("pinnedValues", () => {
  for (const [name, given, expected] of cases) {
    it(`pins ${name}`, async () => {
      const before = JSON.stringify(given);
      assert.deepEqual(await settled(pinnedValues(given, { registry })), expected);
      if (!before.includes("OutputImpl"))
        assert.equal(JSON.stringify(given), before, "the given values stay");
    });
  }

  it("keeps a secret what it was, and what stands beside it, too", async () => {
    const values = pinnedValues(
      {
        image: { repository: "nginx", tag: pulumi.secret("1") },
        password: pulumi.secret("p"),
        web: { image: "nginx:1" },
      },
      { registry },
    );
    const digest: unknown = Reflect.get(values.image, "digest");
    assert.equal(await pulumi.isSecret(pulumi.output([digest])), true, "made from a secret");
    assert.equal(await pulumi.isSecret(values.password), true);
    assert.equal(await pulumi.isSecret(pulumi.output(values.web)), false);
    assert.deepEqual(await settled(values), {
      image: { repository: "nginx", tag: "1", digest: b },
      password: "p",
      web: { image: `nginx:1@${b}` },
    });
  });
});
