import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Benchmark, Figures } from "../benchmark";
import { compare, median, type Comparison } from "../measure";
import { havePeers, ours, type Contestant } from "./contestants";
import { finish, type Finished } from "./process";
import { writeTree, type Tree, type TreeWish } from "./tree";

const memoryBudget = 300;
/** For one file, as a commit hook has it. */
const oneFileBudget = 150;
/** What a run may take, in milliseconds. */
const limit = 600_000;
/** Who took longer than this, in milliseconds, is measured once. */
const patience = 60_000;
/** Below this, in milliseconds, what was seen of processor time is too coarse to divide by. */
const leastProcessor = 100;

interface Scene extends TreeWish {
  readonly name: string;
  /** Whether peers look at it, too. */
  readonly besidePeers: boolean;
}

const own = Infinity;
const scenes: readonly Scene[] = [
  { name: "1 manifest", manifests: 1, dockerfiles: 0, images: own, besidePeers: true },
  { name: "1,000 manifests", manifests: 1_000, dockerfiles: 0, images: own, besidePeers: true },
  {
    name: "10,000 manifests, 1,000 Dockerfiles",
    manifests: 10_000,
    dockerfiles: 1_000,
    images: own,
    besidePeers: true,
  },
  {
    name: "the same, 200 images between them",
    manifests: 10_000,
    dockerfiles: 1_000,
    images: 100,
    besidePeers: true,
  },
  { name: "20,000 manifests", manifests: 20_000, dockerfiles: 0, images: own, besidePeers: false },
];

/** The check of whole trees beside all who look for digests in files: processes, from their start to their end. */
export const checkFiles: Benchmark = {
  name: "check",
  about: "pinned-images check over manifests and Dockerfiles, beside conftest, frizbee, Kyverno and Checkov",

  async run({ pairs, progress }) {
    const { had, missing } = await havePeers(progress);
    const folder = await mkdtemp(join(tmpdir(), "pinned-images-bench-"));
    const rows: Figures["rows"][number][] = [];
    try {
      for (const scene of scenes) {
        const tree = await writeTree(join(folder, "tree"), scene);
        const contestants = scene.besidePeers ? [ours, ...had] : [ours];
        rows.push(...(await race(contestants, { scene, tree, rounds: pairs, progress })));
        await rm(tree.folder, { recursive: true });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const budget = `one file ≤ ${oneFileBudget} ms; more: faster than every peer, peak memory ≤ ${memoryBudget} MB, linear`;
    return { budget: [budget, ...missing].join("\n"), rows };
  },
};

interface Race {
  readonly scene: Scene;
  readonly tree: Tree;
  readonly rounds: number;
  readonly progress: (text: string) => void;
}

/** Lets them run by turns, so that a machine that slows down slows all. Who is slow is not waited for twice. */
async function race(
  contestants: readonly Contestant[],
  { scene, tree, rounds, progress }: Race,
): Promise<Figures["rows"]> {
  const runs = contestants.map((contestant): { readonly contestant: Contestant; readonly done: Run[] } => ({
    contestant,
    done: [],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, done } of runs) {
      if (done.some((run) => run === undefined || run.ms > patience)) continue;
      const run = await finish(contestant.command(tree), tree.folder, limit);
      done.push(run);
      const took = run === undefined ? "no end" : `${run.ms.toFixed(0)} ms`;
      progress(`${scene.name}, ${contestant.name}: ${took}`);
      if (run === undefined) continue;
      // Who found something else was not measured doing the work.
      const [found, wanted] = [contestant.found(run.stdout), contestant.expected(tree)];
      if (found !== wanted) throw new Error(`${contestant.name} found ${found} images, not ${wanted}`);
    }
  }
  const oursBy = runs.find(({ contestant }) => contestant === ours)?.done ?? [];
  return runs.map(({ contestant, done }) => rowOf(scene, contestant, done, oursBy));
}

/** Undefined for one that was not done in time. */
type Run = Finished | undefined;

function rowOf(
  scene: Scene,
  { name }: Contestant,
  done: readonly Run[],
  oursBy: readonly Run[],
): Figures["rows"][number] {
  const finished = done.filter((run) => run !== undefined);
  const late = finished.length < done.length;
  const ms = median(finished.map((run) => run.ms));
  const mb = Math.max(...finished.map((run) => run.mb));
  const beside = (figure: "ms" | "processorMs"): Comparison =>
    compare(finished.map((run, round) => ({ work: oursBy[round]?.[figure] ?? NaN, peer: run[figure] })));
  const [wall, processor] = [beside("ms"), beside("processorMs")];
  const isOurs = done === oursBy;
  const row = { files: scene.name, who: name, runs: done.length };
  if (late) return { ...row, ms: `> ${limit}`, budget: "kept" };
  return {
    ...row,
    ms,
    "processor, ms": processor.peer,
    "µs per file": (ms * 1000) / (scene.manifests + scene.dockerfiles),
    "peak, MB": mb,
    "ours ÷ it": isOurs ? "" : wall.ratio,
    "min..max": isOurs ? "" : `${wall.lowest.toFixed(2)}..${wall.highest.toFixed(2)}`,
    "processor ÷": isOurs || processor.peer < leastProcessor ? "" : processor.ratio,
    budget: isOurs ? kept(scene, ms, mb) : scene.manifests === 1 ? "" : wall.ratio < 1 ? "kept" : "missed",
  };
}

/** What ours is held to alone. */
function kept({ manifests }: Scene, ms: number, mb: number): string {
  return mb <= memoryBudget && (manifests > 1 || ms <= oneFileBudget) ? "kept" : "missed";
}
