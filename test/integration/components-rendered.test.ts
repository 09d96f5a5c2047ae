// What the kubernetes provider renders out of the program's sight, in the real engine (the provider is a stand-in that reads
// manifests, and registers them as the real one does: as children, through the engine).
import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { after, before, describe, it } from "mocha";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pinImages, pinningTransform } from "../../components";
import { Chart, ConfigFile, ConfigGroup, Directory } from "../../components/kubernetes";
import { createTestStack, previewProgram, type EngineResult } from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";

const digest = testDigest("a");
const manifests = `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: web, image: "nginx:1" }] }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: nightly, image: "nginx:1" }] } } } } }
`;

describe("what a chart, a file or a folder renders", function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-rendered-"));
    await writeFile(join(folder, "manifests.yaml"), manifests);
    await mkdir(join(folder, "templates"));
    await writeFile(join(folder, "templates", "manifests.yaml"), manifests);
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  const registry = () => fakeRegistryClient({ "docker.io/library/nginx:1": digest });
  const file = () => join(folder, "manifests.yaml");

  /** Each child with its images. */
  function imagesOf({ resources, exitCode, stdout, stderr }: EngineResult): string[] {
    assert.equal(exitCode, 0, stdout + stderr);
    return resources
      .filter(({ type }) => /:(?:Pod|CronJob)$/.test(type))
      .map(({ name, inputs }) => `${name} ${/"image":"([^"]*)"/.exec(JSON.stringify(inputs))?.[1] ?? "none"}`)
      .sort();
  }
  const pinned = (...names: string[]) =>
    names.flatMap((name) => [`${name}:nightly nginx:1@${digest}`, `${name}:web nginx:1@${digest}`]);

  it("is pinned in the drop-ins", async () => {
    const result = await previewProgram({
      program: () => {
        const pinning = { registry: registry() };
        new Chart("chart", { chart: folder }, {}, pinning);
        new ConfigFile("file", { file: file() }, {}, pinning);
        new ConfigGroup("group", { yaml: manifests }, {}, pinning);
        new Directory("kustomize", { directory: folder }, {}, pinning);
      },
    });
    assert.deepEqual(imagesOf(result), pinned("chart", "file", "group", "kustomize"));
  });

  it("is pinned by the one line, in the provider's own classes", async () => {
    const result = await previewProgram({
      program: () => {
        pinImages({ registry: registry() });
        new kubernetes.helm.v4.Chart("chart", { chart: folder });
        new kubernetes.yaml.v2.ConfigFile("file", { file: file() });
        new kubernetes.yaml.v2.ConfigGroup("group", { yaml: manifests });
        new kubernetes.kustomize.v2.Directory("kustomize", { directory: folder });
      },
    });
    assert.deepEqual(imagesOf(result), pinned("chart", "file", "group", "kustomize"));
  });

  it("is pinned in the older classes, which render in the program", async () => {
    const result = await previewProgram({
      program: () => {
        const opts = { transforms: [pinningTransform({ registry: registry() })] };
        new kubernetes.yaml.ConfigFile("file", { file: file() }, opts);
        new kubernetes.yaml.ConfigGroup("group", { yaml: manifests, resourcePrefix: "group" }, opts);
        new kubernetes.kustomize.Directory(
          "kustomize",
          { directory: folder, resourcePrefix: "kustomize" },
          opts,
        );
        new kubernetes.helm.v3.Chart("chart", { path: folder, resourcePrefix: "chart" }, opts);
      },
    });
    const prefixes = ["chart-", "group-", "kustomize-", ""];
    assert.deepEqual(
      imagesOf(result),
      prefixes
        .flatMap((prefix) => ["nightly", "web"].map((name) => `${prefix}${name} nginx:1@${digest}`))
        .sort(),
    );
  });

  // With a trace of the SDK's for the component, as whenever a child of one fails.
  it("is not deployed with an image that nobody has, in an update without a preview", async () => {
    const missing = manifests.replaceAll("nginx:1", "nginx:404");
    const stack = await createTestStack({
      stackName: "dev",
      program: () => {
        pinImages({ registry: registry() });
        new kubernetes.yaml.v2.ConfigGroup("group", { yaml: missing });
      },
    });
    try {
      const { exitCode, stdout, stderr } = await stack.up();
      assert.notEqual(exitCode, 0);
      const said = stdout + stderr;
      assert.match(said, /group:web: spec\.containers\[0\]\.image: cannot resolve "nginx:404"/);
      const state = await stack.command("stack", "export");
      assert.doesNotMatch(state.stdout, /nginx:404/);
    } finally {
      await stack.dispose();
    }
  });
});
