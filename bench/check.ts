import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../test/support/paths";
import { onPath } from "../tools/executable";
import type { Benchmark } from "./benchmark";
import { digestOf } from "./deployments";
import { median } from "./measure";

const sizes = [1, 1_000, 10_000, 20_000];
/** Beyond this many files the peer is not waited for. */
const mostForPeer = 10_000;
const memoryBudget = 300;
/** For one file, as a commit hook has it. */
const oneFileBudget = 150;
/** One image in so many is not pinned. */
const unpinned = 50;

/** The same question for conftest: the two lists that most manifests have. */
const rego = `package main

import rego.v1

deny contains msg if {
	some list in ["containers", "initContainers"]
	some container in input.spec.template.spec[list]
	not contains(container.image, "@sha256:")
	msg := sprintf("%s has no digest", [container.image])
}
`;

/** The check of whole trees, beside conftest with a rule that looks for an "@": processes, from their start to their end. */
export const checkFiles: Benchmark = {
  name: "check",
  about: "pinned-images check over manifests of two documents and two images, beside conftest",

  async run({ pairs, progress }) {
    const [conftest] = await onPath("conftest", process.env);
    const folder = await mkdtemp(join(tmpdir(), "pinned-images-bench-"));
    const rows: Record<string, string | number>[] = [];
    try {
      await mkdir(join(folder, "policy"));
      await writeFile(join(folder, "policy", "images.rego"), rego);
      for (const files of sizes) {
        progress(`${files} files`);
        const tree = join(folder, String(files));
        const expected = await writeTree(tree, files);
        const ours: Finished[] = [];
        const theirs: Finished[] = [];
        for (let pair = 0; pair < pairs; pair++) {
          ours.push(await finish(process.execPath, [command, "check", "--offline", "--format=json"], tree));
          if (conftest === undefined || files > mostForPeer) continue;
          const args = ["test", "--no-fail", "--output=json", `--policy=${join(folder, "policy")}`, "."];
          theirs.push(await finish(conftest, args, tree));
        }
        agree(expected, ours, /"policy": "image-pinned-by-digest"/g);
        agree(expected, theirs, /has no digest/g);
        const [time, peer] = [median(ours.map(({ ms }) => ms)), median(theirs.map(({ ms }) => ms))];
        const memory = Math.max(...ours.map(({ mb }) => mb));
        rows.push({
          files,
          pairs,
          "check, ms": time,
          "µs per file": (time * 1000) / files,
          "peak, MB": memory,
          "conftest, ms": theirs.length === 0 ? "not run" : peer,
          "its peak, MB": theirs.length === 0 ? "" : Math.max(...theirs.map(({ mb }) => mb)),
          ratio: theirs.length === 0 ? "" : time / peer,
          budget: kept(files, time, peer, memory) ? "kept" : "missed",
        });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const missing =
      conftest === undefined
        ? "; conftest is not on the PATH: go install github.com/open-policy-agent/conftest@v0.71.1"
        : "";
    return {
      budget: `one file ≤ ${oneFileBudget} ms; more: faster than the peer, peak memory ≤ ${memoryBudget} MB, linear${missing}`,
      rows,
    };
  },
};

/** @param peer NaN where it was not run. */
function kept(files: number, ms: number, peer: number, mb: number): boolean {
  if (mb > memoryBudget) return false;
  return files === 1 ? ms <= oneFileBudget : !(ms >= peer);
}

const command = join(projectRoot, "dist", "cli", "index.js");

interface Finished {
  readonly ms: number;
  /** The most memory that was resident. */
  readonly mb: number;
  readonly stdout: string;
}

async function finish(executable: string, args: readonly string[], cwd: string): Promise<Finished> {
  const start = process.hrtime.bigint();
  const child = spawn(executable, args, { cwd, stdio: ["ignore", "pipe", "ignore"], timeout: 600_000 });
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  let mb = 0;
  // Linux keeps the highest mark as long as the process runs; elsewhere nothing is known.
  const look = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, "utf8").then(
      (text) => (mb = Math.max(mb, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024)),
      () => undefined,
    );
  }, 20);
  try {
    await new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => {
        resolve();
      });
    });
  } finally {
    clearInterval(look);
  }
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  return { ms, mb, stdout: Buffer.concat(pieces).toString("utf8") };
}

/** A check that found something else was not measured doing the work. */
function agree(expected: number, runs: readonly Finished[], finding: RegExp): void {
  for (const { stdout } of runs) {
    const found = stdout.match(finding)?.length ?? 0;
    if (found !== expected) throw new Error(`${found} findings where ${expected} were expected`);
  }
}

/** @returns how many images are not pinned. */
async function writeTree(folder: string, files: number): Promise<number> {
  let found = 0;
  for (let n = 0; n < files; n++) {
    const team = join(folder, `team${n % 100}`);
    if (n < 100) await mkdir(team, { recursive: true });
    const pinned = n % unpinned !== 0;
    if (!pinned) found++;
    await writeFile(join(team, `app${n}.yaml`), manifest(n, pinned));
  }
  return found;
}

function manifest(n: number, pinned: boolean): string {
  const image = `ghcr.io/acme/app${n}:1.2.3${pinned ? `@${digestOf(n)}` : ""}`;
  return `# application ${n}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app${n}
  labels: { app: app${n} }
spec:
  replicas: 2
  selector:
    matchLabels: { app: app${n} }
  template:
    metadata:
      labels: { app: app${n} }
    spec:
      initContainers:
        - name: migrate
          image: docker.io/library/busybox:1.36@${digestOf(1)}
      containers:
        - name: web
          image: ${image}
          ports: [{ containerPort: 8080 }]
          resources:
            limits: { cpu: "1", memory: 256Mi }
---
apiVersion: v1
kind: Service
metadata: { name: app${n} }
spec:
  selector: { app: app${n} }
  ports: [{ port: 80 }]
`;
}
