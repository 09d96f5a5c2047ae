import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { complaintAbout, play, startExampleRegistry, type Scene } from "../../tools/scenes";

const scene: Scene = {
  example: "pin-images",
  title: "Tags everywhere, and one line that pins them all: passes",
  exitCode: 0,
  shows: /pinned .*nginx:1\.27-alpine to sha256:[0-9a-f]{64}, from the registry/,
};

describe("examples/pin-images", function () {
  this.timeout(120_000);

  it("passes the pack, with a digest in every resource", async () => {
    const registry = await startExampleRegistry();
    try {
      const result = await play(scene, registry.host, false);
      assert.equal(complaintAbout(scene, result), undefined, result.stdout + result.stderr);
      const images = result.resources
        .filter(({ type }) => /:(?:Deployment|CronJob|Pod)$/.test(type))
        .map(({ name, inputs }) => `${name} ${/"image":"([^"]*)"/.exec(JSON.stringify(inputs))?.[1] ?? ""}`);
      const digest = "@sha256:[0-9a-f]{64}";
      assert.match(
        images.sort().join("\n"),
        new RegExp(
          `^cache-pod .*/redis:latest${digest}\nnightly .*/busybox${digest}\nshop .*/nginx:1\\.27-alpine${digest}$`,
        ),
      );
      assert.doesNotMatch(result.stdout, /mandatory/);
    } finally {
      await registry.close();
    }
  });
});
