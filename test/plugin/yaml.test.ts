// Programs in YAML: the real language host, the real engine, the real plugin. Only the provider of Kubernetes is a stand-in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { previewProgram, type EngineResult } from "../support/engine";
import { projectRoot } from "../support/paths";
import { projectPlugin } from "../support/plugin";
import { startRegistry, type Registry } from "../support/registry";

const example = readFileSync(join(projectRoot, "examples", "yaml-web", "Pulumi.yaml"), "utf8");

describe("a program in YAML", function () {
  // The first run builds the language host.
  this.timeout(600_000);
  let registry: Registry;
  let digest: string;

  before(async () => {
    registry = await startRegistry();
    digest = registry.push("library/nginx", "1.27-alpine", { platforms: ["linux/amd64", "linux/arm64"] });
  });
  after(async () => registry.close());

  const preview = async (program: string): Promise<EngineResult> =>
    previewProgram({
      files: { "Pulumi.yaml": program },
      projectName: "yaml-web",
      config: { "yaml-web:registry": `${registry.host}/library` },
      plugins: projectPlugin,
      packs: [projectRoot],
    });

  it("deploys the digest, and passes the pack", async () => {
    const { exitCode, stdout, stderr, resources } = await preview(example);
    assert.equal(exitCode, 0, stdout + stderr);
    const pinned = `${registry.host}/library/nginx:1.27-alpine@${digest}`;
    const shop = resources.find(({ name }) => name === "shop");
    assert.ok(JSON.stringify(shop?.inputs).includes(`"image":"${pinned}"`), stdout);
    assert.ok(stdout.includes(`image    : "${pinned}"`), stdout);
  });

  const refused = [
    [
      "nginx:9.99",
      'cannot resolve "HOST/library/nginx:9.99": ',
      "fix: the tag or digest does not exist in library/nginx",
    ],
    ["nginx@sha256:abc", '"HOST/library/nginx@sha256:abc": the digest has 3 hex characters, sha256 needs 64'],
    [
      "nginx:1.27-alpine\n      platform: arm64",
      '"arm64" is no platform; write it like linux/amd64 or linux/arm/v7',
    ],
  ] as const;
  for (const [image, ...sentences] of refused) {
    it(`stops at ${JSON.stringify(image)} with a sentence, not a stack trace`, async () => {
      const { exitCode, stdout, stderr } = await preview(example.replace("nginx:1.27-alpine", image));
      const said = stdout + stderr;
      assert.notEqual(exitCode, 0);
      for (const sentence of sentences)
        assert.ok(said.includes(sentence.replace("HOST", registry.host)), said);
      assert.ok(said.includes(`resource 'web' has a problem: PinnedImage "web": `), said);
      assert.doesNotMatch(said, /\n\s+at |[Uu]nhandled|monitor shut down/, said);
    });
  }
});
