import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { writePack } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import type { Benchmark } from "./benchmark";
import { compare, measurePairs, median } from "./measure";

/** In milliseconds. */
const budget = 100;

/** The time until a pack answers: a process as the engine starts it, up to the port that it prints. */
export const packLoad: Benchmark = {
  name: "pack-load",
  about: "loading this pack in a process of its own − loading a pack without policies",

  async run({ pairs, progress }) {
    const empty = await writePack(`
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("empty", { policies: [] });`);
    try {
      await load(projectRoot);
      const pairsMeasured = await measurePairs(
        pairs,
        async () => load(projectRoot),
        async () => load(empty.folder),
      );
      pairsMeasured.forEach(({ work, peer }) => {
        progress(`${work.toFixed(0)} ms, empty pack ${peer.toFixed(0)} ms`);
      });
      const { work, peer, ratio, lowest, highest } = compare(pairsMeasured);
      // Of the pairs' own differences, which a machine that slows down in the middle does not change.
      const adds = median(pairsMeasured.map((pair) => pair.work - pair.peer));
      const row = {
        pairs,
        "this pack, ms": work,
        "empty pack, ms": peer,
        ratio,
        "min..max": `${lowest.toFixed(2)}..${highest.toFixed(2)}`,
        "adds, ms": adds,
        budget: adds <= budget ? "kept" : "missed",
      };
      return { budget: `adds ≤ ${budget} ms`, rows: [row] };
    } finally {
      await empty.remove();
    }
  },
};

/** Starts a pack as the engine does, and ends it when it has said where it listens. */
async function load(folder: string): Promise<number> {
  const runner = join(projectRoot, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const start = performance.now();
  // Nobody listens at the engine's address: a pack calls it only when it has something to log.
  const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 60_000,
  });
  try {
    const said: readonly unknown[] = await Promise.race([once(child.stdout, "data"), once(child, "close")]);
    if (!/^[0-9]+\s/.test(String(said[0])))
      throw new Error(`the pack in ${folder} did not say where it listens`);
    return performance.now() - start;
  } finally {
    child.kill("SIGKILL");
  }
}
