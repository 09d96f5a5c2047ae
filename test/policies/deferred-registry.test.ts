import assert from "node:assert/strict";
import { parseImageReference } from "../../images";
import { deferredRegistry } from "../../policies/deferred-registry";
import { startRegistry, type Registry } from "../support/registry";
import { signImage, signingKey } from "../support/signing";

describe("deferredRegistry", () => {
  let registry: Registry;
  before(async () => {
    registry = await startRegistry();
  });
  after(async () => {
    await registry.close();
  });

  it("answers every question as the client does, once it is asked", async () => {
    const digest = registry.push("team/api", "2.3", { platforms: ["linux/amd64", "linux/arm64"] });
    const reference = parseImageReference(`${registry.host}/team/api:2.3`);
    const amd64 = { os: "linux", architecture: "amd64" };
    const client = deferredRegistry();
    try {
      assert.equal((await client.resolve(reference)).digest, digest);
      assert.equal((await client.describe(reference)).digest, digest);
      assert.equal((await client.platforms(reference)).length, 2);
      assert.equal((await client.exists(reference)).exists, true);
      assert.notEqual((await client.resolvePlatform(reference, amd64)).digest, digest);
      const pinned = parseImageReference(`${registry.host}/team/api@${digest}`);
      assert.equal((await client.index(pinned))?.children.length, 2);
      assert.deepEqual(await client.referrers(pinned), []);
      signImage(registry, { repository: "team/api", digest }, [signingKey()]);
      const signatures = parseImageReference(`${registry.host}/team/api:${digest.replace(":", "-")}.sig`);
      const [layer] = (await client.artifact(signatures))?.layers ?? [];
      assert.ok(layer !== undefined);
      assert.equal((await client.blob(pinned, layer)).length, layer.size);
    } finally {
      await client.close();
    }
  });

  it("has nothing to close where nothing was asked", async () => {
    await deferredRegistry().close();
  });
});
