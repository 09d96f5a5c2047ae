import { ensureTool } from "../../tools";
import { command } from "./command";
import { concurrency, ours, referencesOf } from "./contestants";
import { startSite, type Site } from "./site-process";
import { median, row } from "./table";

const repositories = 20;
const runs = 3;

/** Prints what our client costs without latency, and how that grows with the number of tags. */
export async function benchGrowth(print: (line: string) => void): Promise<void> {
  const registry = await ensureTool("registry");
  print(
    `ours without latency, ${concurrency} requests at once, in a new process each time (medians of ${runs})`,
  );
  print("");
  print(row("", "tags", "resolving ms", "CPU ms", "CPU µs/tag", "peak MiB", "requests"));
  for (const tags of [10, 200, 2000]) {
    const site = await startSite({
      registry,
      tags,
      repositories: Math.min(repositories, tags),
      delay: 0,
      tls: false,
    });
    try {
      print(await cost(site, tags));
    } finally {
      await site.close();
    }
  }
}

async function cost(site: Site, tags: number): Promise<string> {
  const seconds: number[] = [];
  const cpu: number[] = [];
  const memory: number[] = [];
  const before = await site.counts();
  for (let n = 0; n < runs; n++) {
    const input = `${referencesOf(site).join("\n")}\n`;
    const { stderr } = await command(process.execPath, [ours, String(concurrency)], site.environment, input);
    const [took = NaN, used = NaN, peak = NaN] = stderr.trim().split(" ").map(Number);
    seconds.push(took);
    cpu.push(used);
    memory.push(peak);
  }
  const after = await site.counts();
  const requests = (after.registry + after.tokens - before.registry - before.tokens) / runs;
  return row(
    "",
    String(tags),
    (median(seconds) * 1e3).toFixed(0),
    (median(cpu) * 1e3).toFixed(0),
    ((median(cpu) * 1e6) / tags).toFixed(0),
    (median(memory) / 1024).toFixed(0),
    requests.toFixed(0),
  );
}
