// Whole programs, in the real engine, against a registry in this process that counts (provider plugins are stand-ins).
import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { after, before, beforeEach, describe, it } from "mocha";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pinImages } from "../../components";
import { Container, PinnedContainer, RemoteImage, Service } from "../../components/docker";
import * as pinned from "../../components/kubernetes";
import { parseDigest } from "../../images";
import { createTestStack, previewProgram, type EngineResult } from "../support/engine";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";
import { startRegistry, type Registry } from "../support/registry";

function pod(image: string): kubernetes.types.input.core.v1.Pod {
  return { spec: { containers: [{ name: "it", image }] } };
}

/** `name image` of every pod. */
function podsOf({ resources, exitCode, stdout, stderr }: EngineResult): string[] {
  assert.equal(exitCode, 0, stdout + stderr);
  return resources
    .filter(({ type }) => type.endsWith(":Pod"))
    .map(({ name, inputs }) => `${name} ${/"image":"([^"]*)"/.exec(JSON.stringify(inputs))?.[1] ?? "none"}`)
    .sort();
}

function changesOf({ resources }: EngineResult): string[] {
  return resources.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn}`);
}

describe("a whole program", function () {
  this.timeout(180_000);
  let registry: Registry;
  let folder: string;
  before(async () => {
    registry = await startRegistry();
    folder = await mkdtemp(join(tmpdir(), "pinned-images-program-"));
  });
  beforeEach(() => {
    registry.clearLog();
  });
  after(async () => {
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("asks 60 times for 60 images in 300 resources, although drop-ins and the one line meet in it", async () => {
    for (let n = 0; n < 60; n++) registry.push(`team/app-${n % 6}`, `1.${n}`);
    const result = await previewProgram({
      stackName: "dev",
      timeoutMs: 150_000,
      program: () => {
        pinImages();
        for (let n = 0; n < 300; n++) {
          const image = `${registry.host}/team/app-${(n % 60) % 6}:1.${n % 60}`;
          if (n % 50 === 0) new Container(`it-${n}`, { image });
          else new kubernetes.core.v1.Pod(`it-${n}`, pod(image));
        }
      },
    });
    const pods = podsOf(result);
    assert.equal(pods.length, 294);
    assert.deepEqual(
      pods.filter((line) => !/@sha256:[0-9a-f]{64}$/.test(line)),
      [],
    );
    const asked = registry.log.filter(({ path }) => path.includes("/manifests/"));
    assert.equal(asked.length, 60);
    assert.deepEqual([...new Set(asked.map(({ method }) => method))], ["HEAD"]);
  });

  it("asks once for an image that stands in every drop-in, with the one line on at once", async () => {
    const image = `${registry.host}/team/every:1`;
    const digest = registry.push("team/every", "1");
    const manifest = (name: string) =>
      JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name }, ...pod(image) });
    for (const name of ["manifests.yaml", "templates/pod.yaml"]) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), manifest("rendered"));
    }
    const template = pod(image);
    const [workload, job] = [{ spec: { selector: {}, template } }, { spec: { template } }];
    const result = await previewProgram({
      stackName: "dev",
      program: () => {
        pinImages();
        new kubernetes.core.v1.Pod("own", template);
        new pinned.Pod("pod", template);
        new pinned.Deployment("deployment", workload);
        new pinned.StatefulSet("stateful-set", { spec: { ...workload.spec, serviceName: "it" } });
        new pinned.DaemonSet("daemon-set", workload);
        new pinned.ReplicaSet("replica-set", workload);
        new pinned.Job("job", job);
        new pinned.CronJob("cron-job", { spec: { schedule: "@daily", jobTemplate: job } });
        new pinned.Release("release", { chart: "it", values: { image } });
        new pinned.PinnedRelease("pinned-release", { chart: "it", values: { image } });
        new pinned.Chart("chart", { chart: folder });
        new pinned.ConfigFile("file", { file: join(folder, "manifests.yaml") });
        new pinned.ConfigGroup("group", { yaml: manifest("rendered") });
        new pinned.Directory("directory", { directory: folder });
        new Container("container", { image });
        new RemoteImage("remote-image", { name: image });
        new Service("service", { taskSpec: { containerSpec: { image } } });
        new PinnedContainer("pinned-container", { image });
      },
    });
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);
    const texts = result.resources.flatMap(({ type, inputs }) =>
      type.startsWith("pulumi:") ? [] : (JSON.stringify(inputs).match(/localhost:\d+\/[^"]*/g) ?? []),
    );
    const [tagged, bare] = [`${image}@${digest}`, `${registry.host}/team/every@${digest}`];
    assert.deepEqual([...new Set(texts)].sort(), [tagged, bare].sort());
    assert.deepEqual([texts.filter((text) => text === tagged).length, texts.length], [14, 19]);
    const asked = registry.log.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(asked, ["HEAD /v2/team/every/manifests/1"]);
  });

  it("deploys what the preview showed, although the tag moves before the update", async () => {
    const image = `${registry.host}/team/moving:1`;
    const shown = registry.push("team/moving", "1", { seed: "first" });
    const stack = await createTestStack({
      stackName: "dev",
      program: () => {
        pinImages();
        new kubernetes.core.v1.Pod("it", pod(image));
      },
    });
    try {
      assert.deepEqual(podsOf(await stack.preview()), [`it ${image}@${shown}`]);
      const other = registry.push("team/moving", "1", { seed: "second" });
      assert.notEqual(other, shown);
      const update = await stack.up();
      assert.deepEqual(podsOf(update), [`it ${image}@${shown}`]);
      assert.match(update.stdout, /from the preview before this update/);
    } finally {
      await stack.dispose();
    }
  });

  it("changes nothing under `locked`, whatever becomes of the tag, and asks nobody", async () => {
    const image = `${registry.host}/team/locked:1`;
    const locked = registry.push("team/locked", "1", { seed: "first" });
    const lock = join(folder, "images.lock.json");
    await writeFile(lock, lockText({ [image]: parseDigest(locked) }));
    const stack = await createTestStack({
      stackName: "production",
      config: { "pinned-images:lock": lock },
      program: () => {
        pinImages();
        new kubernetes.core.v1.Pod("it", pod(image));
        const spec = { selector: {}, template: pod(image) };
        new pinned.Deployment("drop-in", { spec });
      },
    });
    try {
      const preview = await stack.preview();
      assert.deepEqual(podsOf(preview), [`it ${image}@${locked}`]);
      assert.match(preview.stdout, /pinned .*, from the lock/);
      assert.equal((await stack.up()).exitCode, 0);
      registry.push("team/locked", "1", { seed: "second" });
      const again = await stack.preview();
      assert.equal(again.exitCode, 0);
      assert.deepEqual(changesOf(again), []);
      assert.deepEqual(registry.log, []);
    } finally {
      await stack.dispose();
    }
  });

  it("does not mix with another one that runs beside it in the same process", async () => {
    const digests = ["a", "b"].map(testDigest);
    const program = (index: number, digest: (typeof digests)[number]) =>
      previewProgram({
        stackName: `dev-${index}`,
        program: () => {
          const client = fakeRegistryClient({ "docker.io/library/nginx:1": digest });
          pinImages({ registry: client, except: [`left-${index}`] });
          for (const name of ["left-0", "left-1", "web"]) new kubernetes.core.v1.Pod(name, pod("nginx:1"));
        },
      });
    const results = await Promise.all(digests.map(async (digest, index) => program(index, digest)));
    for (const [index, digest] of digests.entries()) {
      const result = results[index];
      assert.ok(result !== undefined);
      const pinned = `nginx:1@${digest}`;
      assert.deepEqual(podsOf(result), [
        `left-0 ${index === 0 ? "nginx:1" : pinned}`,
        `left-1 ${index === 1 ? "nginx:1" : pinned}`,
        `web ${pinned}`,
      ]);
      assert.equal(result.stdout.includes(digests[1 - index] ?? ""), false, "in the log neither");
    }
  });
});
