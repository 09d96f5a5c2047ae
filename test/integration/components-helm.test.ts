// Helm releases in the real engine (the provider is a stand-in).
import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { PinnedRelease } from "../../components/kubernetes";
import { createTestStack } from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const [a, b, c] = [testDigest("a"), testDigest("b"), testDigest("c")];
const registry = fakeRegistryClient({
  "ghcr.io/acme/api:2": a,
  "docker.io/library/nginx:1": b,
  "docker.io/library/redis:7": c,
});

describe("PinnedRelease", function () {
  this.timeout(120_000);

  it("names the images that are deployed, and keeps secrets and what only the update knows", async () => {
    const told: Record<string, unknown> = {};
    const stack = await createTestStack({
      stackName: "dev",
      program: () => {
        const later = new kubernetes.core.v1.Namespace("later").id;
        const pinning = { registry };
        const { images } = new PinnedRelease("plain", {
          chart: "web",
          values: {
            image: { registry: "ghcr.io", repository: "acme/api", tag: "2", digest: "" },
            sidecars: [{ image: "nginx:1" }],
            busyboxImage: "true",
          },
          valueYamlFiles: [new pulumi.asset.StringAsset("cache:\n  image: redis:7 # the cache\n")],
          pinning,
        });
        images.apply((known) => (told["images"] = known));
        const mixed = new PinnedRelease("mixed", {
          chart: "web",
          values: {
            image: "nginx:1",
            password: pulumi.secret("swordfish"),
            exporter: { image: pulumi.interpolate`ghcr.io/acme/api:${later.apply(() => "2")}` },
          },
          pinning,
        });
        return { plain: images, mixed: mixed.images };
      },
    });
    try {
      const preview = await stack.preview();
      assert.equal(preview.exitCode, 0, preview.stdout + preview.stderr);
      const named = [`ghcr.io/acme/api:2@${a}`, `nginx:1@${b}`];
      const expected = [...named, `redis:7@${c}`];
      assert.deepEqual(told["images"], expected);
      const release = preview.resources.find(
        ({ name, type }) => name === "mixed" && type.endsWith(":Release"),
      );
      const inputs = JSON.stringify(release?.inputs);
      assert.ok(inputs.includes(`"image":"nginx:1@${b}"`), "beside what is unknown, too");
      assert.match(inputs, /04da6b54-80e4-46f7-96ec-b56ff0331ba9/, "which stays unknown");

      const update = await stack.up();
      assert.equal(update.exitCode, 0, update.stdout + update.stderr);
      assert.doesNotMatch(update.stdout, /swordfish/);
      assert.match(update.stdout, /mixed: \[secret\]/, "made from values that hold a secret");
      const { stdout } = await stack.command("stack", "output", "--json", "--show-secrets");
      assert.deepEqual(JSON.parse(stdout), {
        plain: expected,
        mixed: named,
      });
      const again = await stack.preview();
      assert.deepEqual(
        again.resources.filter(({ op }) => op !== "same").map(({ urn }) => urn),
        [],
      );
    } finally {
      await stack.dispose();
    }
  });
});
