// Ctrl-C while digests are written into files: by a process of its own, as a signal comes to no other.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createWorkplace, type Workplace } from "../support/command-line";
import { projectRoot } from "../support/paths";
import { startRegistry, type Registry } from "../support/registry";

describe("Ctrl-C while files are written", function () {
  this.timeout(60_000);
  let registry: Registry;
  let place: Workplace;

  beforeEach(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
  });
  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`${signal} takes effect when lock and files agree`, async () => {
      const digest = registry.push("web", "1", { seed: "web" });
      const image = `${registry.host}/web:1`;
      const names = Array.from({ length: 500 }, (_, index) => `compose.${index}.yml`);
      await mkdir(place.path("deploy"));
      await Promise.all(
        names.map(async (name) => place.write(`deploy/${name}`, `services: {web: {image: "${image}"}}\n`)),
      );
      const command = join(projectRoot, "dist", "cli", "index.js");
      const child = spawn(process.execPath, [command, "pin", "--in", "."], {
        cwd: place.folder,
        stdio: "ignore",
      });
      const ended = once(child, "exit");
      const isBetween = async (): Promise<boolean> =>
        (await readdir(place.path("deploy"))).some((name) => name.endsWith(".pinned-images.old"));
      while (child.exitCode === null && !(await isBetween())) await sleep(1);
      child.kill(signal);
      assert.deepEqual(await ended, [null, signal]);

      const left = await readdir(place.path("deploy"));
      assert.deepEqual(left.toSorted(), names.toSorted());
      const texts = new Set(
        await Promise.all(left.map(async (name) => readFile(place.path(`deploy/${name}`), "utf8"))),
      );
      assert.deepEqual([...texts], [`services: {web: {image: "${image}@${digest}"}}\n`]);
      assert.equal((await place.lock()).images.get(image)?.digest, digest);
      const beside = (await readdir(place.folder)).filter((name) => name.startsWith("images.lock"));
      assert.deepEqual(beside, ["images.lock.json"]);
    });
  }
});
