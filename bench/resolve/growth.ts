import { ensureTool } from "../../tools";
import { command } from "./command";
import { concurrency, ours, referencesOf } from "./contestants";
import { startSite, type Site } from "./site-process";
import { median, row } from "./table";

const repositories = 20;
const runs = 3;
/** V8 lets garbage lie as long as there is room. In a small heap, what is left of the growth is the program's own. */
const tight = ["--expose-gc", "--max-old-space-size=32", "--max-semi-space-size=1"];

/** Prints what our client costs without latency, and how that grows with the number of tags, all asked for at once. */
export async function benchGrowth(print: (line: string) => void): Promise<void> {
  const registry = await ensureTool("registry");
  print(
    `ours without latency, ${concurrency} requests at once, in a new process each time (medians of ${runs});`,
  );
  print("tight: the peak with a heap of 32 MiB; held: what is left of the heap when all is answered");
  print("");
  print(row("tags", "resolving ms", "CPU ms", "CPU µs/tag", "peak MiB", "tight MiB", "held MiB", "requests"));
  for (const tags of [10, 200, 2000]) {
    const order = { tags, repositories: Math.min(repositories, tags), delay: 0, tls: false };
    const site = await startSite({ registry, ...order });
    try {
      print(await cost(site, tags));
    } finally {
      await site.close();
    }
  }
}

/** What one run says of itself: seconds, processor seconds, KiB at the peak, bytes held. */
type Cost = readonly [seconds: number, cpu: number, peak: number, held: number];

async function cost(site: Site, tags: number): Promise<string> {
  const before = await site.counts();
  const usual: Cost[] = [];
  const tightly: Cost[] = [];
  for (let n = 0; n < runs; n++) {
    usual.push(await run(site, []));
    tightly.push(await run(site, tight));
  }
  const after = await site.counts();
  const requests = (after.registry + after.tokens - before.registry - before.tokens) / (2 * runs);
  const [seconds, cpu, peak] = mediansOf(usual);
  const [, , tightPeak, held] = mediansOf(tightly);
  return row(
    String(tags),
    (seconds * 1e3).toFixed(0),
    (cpu * 1e3).toFixed(0),
    ((cpu * 1e6) / tags).toFixed(0),
    (peak / 1024).toFixed(0),
    (tightPeak / 1024).toFixed(0),
    (held / 1024 ** 2).toFixed(1),
    requests.toFixed(0),
  );
}

async function run(site: Site, flags: readonly string[]): Promise<Cost> {
  const input = `${referencesOf(site).join("\n")}\n`;
  const args = [...flags, ours, String(concurrency)];
  const { stderr } = await command(process.execPath, args, site.environment, input);
  const [seconds = NaN, cpu = NaN, peak = NaN, held = NaN] = stderr.trim().split(" ").map(Number);
  return [seconds, cpu, peak, held];
}

function mediansOf(costs: readonly Cost[]): Cost {
  const of = (column: 0 | 1 | 2 | 3): number => median(costs.map((cost) => cost[column]));
  return [of(0), of(1), of(2), of(3)];
}
