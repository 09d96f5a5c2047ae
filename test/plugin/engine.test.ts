// Programs that know nothing of the library, in the real engine, which starts the real plugin.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { after, before, beforeEach, describe, it } from "mocha";
import { parseDigest } from "../../images";
import { createTestStack, previewProgram, type EngineResult } from "../support/engine";
import { lockText } from "../support/lock";
import { projectPlugin } from "../support/plugin";
import { startRegistry, type Registry } from "../support/registry";
import { RemoteImage } from "./remote-image";

/** Its id is what a preview cannot know. */
class Repository extends pulumi.CustomResource {}

describe("the component package in the engine", function () {
  this.timeout(120_000);
  let registry: Registry;
  let digest: string;
  const web = () => `${registry.host}/team/web:1.27`;

  before(async () => {
    registry = await startRegistry();
    digest = registry.push("team/web", "1.27", { platforms: ["linux/amd64", "linux/arm64"] });
  });
  beforeEach(() => {
    registry.clearLog();
  });
  after(async () => registry.close());

  /** The outputs of a program, as the engine shows them. */
  function outputsOf({ stdout, stderr, exitCode }: EngineResult): string {
    assert.equal(exitCode, 0, stdout + stderr);
    return stdout.slice(stdout.indexOf("Outputs:"));
  }

  it("gives a program the image's digest and parts, in the preview", async () => {
    const result = await previewProgram({
      plugins: projectPlugin,
      program: () => {
        const { reference, repository, tag, platforms, ...image } = new RemoteImage("web", { image: web() });
        new RemoteImage("again", { image: web() });
        return { reference, repository, tag, digest: image.digest, platforms };
      },
    });
    const shown = outputsOf(result);
    for (const line of [
      `digest    : "${digest}"`,
      `reference : "${web()}@${digest}"`,
      `repository: "${registry.host}/team/web"`,
      `tag       : "1.27"`,
      `"linux/amd64"`,
      `"linux/arm64"`,
    ]) {
      assert.ok(shown.includes(line), `${line}\n${shown}`);
    }
    const asked = registry.log.filter(({ path }) => path.endsWith("/manifests/1.27"));
    assert.equal(asked.length, 1, "although it is looked up before a component is there, and in it");
    const components = result.resources.filter(({ type }) => type === "pinned-images:index:PinnedImage");
    assert.deepEqual(components.map(({ name }) => name).sort(), ["again", "web"]);
  });

  it("gives one platform's image, in the form that was asked for", async () => {
    const result = await previewProgram({
      plugins: projectPlugin,
      program: () => {
        const args = { image: web(), platform: "linux/arm64", form: "digest" };
        const { reference, platforms, ...image } = new RemoteImage("web", args);
        return { reference, digest: image.digest, platforms };
      },
    });
    const shown = outputsOf(result);
    const [child = ""] = /sha256:[0-9a-f]{64}/.exec(shown) ?? [];
    assert.notEqual(child, digest);
    assert.ok(shown.includes(`reference: "${registry.host}/team/web@${child}"`), shown);
    assert.ok(shown.includes("linux/arm64") && !shown.includes("linux/amd64"), shown);
  });

  it("asks no registry for what the lock around the program holds", async () => {
    const locked = parseDigest(`sha256:${"1".repeat(64)}`);
    const result = await previewProgram({
      plugins: projectPlugin,
      stackName: "production",
      files: { "images.lock.json": lockText({ [web()]: locked }) },
      program: () => ({ reference: new RemoteImage("web", { image: web() }).reference }),
    });
    assert.ok(outputsOf(result).includes(`"${web()}@${locked}"`), result.stdout);
    assert.deepEqual(registry.log, []);
  });

  it("follows the stack's configuration", async () => {
    const result = await previewProgram({
      plugins: projectPlugin,
      config: { "pinned-images:strategy": "locked" },
      program: () => {
        new RemoteImage("web", { image: web() });
      },
    });
    assert.notEqual(result.exitCode, 0);
    assert.match(result.stdout, /there is no lock, and the strategy "locked" asks no registry/);
    assert.deepEqual(registry.log, []);
  });

  it("deploys what the preview showed, although the tag moves before the update", async () => {
    const moving = `${registry.host}/team/moving:2`;
    const first = registry.push("team/moving", "2", { seed: "first" });
    const stack = await createTestStack({
      plugins: projectPlugin,
      program: () => ({ reference: new RemoteImage("web", { image: moving }).reference }),
    });
    try {
      assert.ok(outputsOf(await stack.preview()).includes(`"${moving}@${first}"`));
      assert.notEqual(registry.push("team/moving", "2", { seed: "second" }), first);
      assert.ok(outputsOf(await stack.up()).includes(`"${moving}@${first}"`));
    } finally {
      await stack.dispose();
    }
  });

  it("waits for an image that the preview cannot know, and pins it in the update", async () => {
    const stack = await createTestStack({
      plugins: projectPlugin,
      program: () => {
        const repository = new Repository("aws:ecr/repository:Repository", "web", {});
        const image = repository.id.apply(() => web());
        return { reference: new RemoteImage("web", { image }).reference };
      },
    });
    try {
      const preview = await stack.preview();
      assert.equal(preview.exitCode, 0, preview.stdout + preview.stderr);
      assert.doesNotMatch(preview.stdout, /sha256:/);
      assert.ok(outputsOf(await stack.up()).includes(`"${web()}@${digest}"`));
      const again = await stack.preview();
      assert.deepEqual(
        again.resources.filter(({ op }) => op !== "same").map(({ urn, op }) => [urn, op]),
        [],
        "nothing changes afterwards",
      );
    } finally {
      await stack.dispose();
    }
  });

  it("keeps a secret image secret, in its outputs and in its errors", async () => {
    const result = await previewProgram({
      plugins: projectPlugin,
      program: () => ({ reference: new RemoteImage("web", { image: pulumi.secret(web()) }).reference }),
    });
    assert.match(outputsOf(result), /reference: \[secret\]/);

    const missing = await previewProgram({
      plugins: projectPlugin,
      program: () => {
        new RemoteImage("web", { image: pulumi.secret(`${registry.host}/hidden/name:9.99`) });
      },
    });
    const said = missing.stdout + missing.stderr;
    assert.notEqual(missing.exitCode, 0);
    assert.match(said, /PinnedImage "web": image: there is no digest for it/);
    assert.doesNotMatch(said, /hidden/);
  });
});
