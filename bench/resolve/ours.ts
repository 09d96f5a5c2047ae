import { readFileSync } from "node:fs";
import { parseImageReference } from "../../images";
import { createRegistryClient } from "../../registry";

/**
 * Our client as a command like bench/peers/ggcr: references on standard input, `<reference> <digest>` on standard output.
 * Then, on standard error, what the resolving cost: seconds, processor seconds, the process's peak memory in KiB, and with
 * --expose-gc the bytes of the heap that are held once all is answered.
 */
async function main(): Promise<void> {
  const concurrency = Number(process.argv[2] ?? "32");
  const lines = readFileSync(0, "utf8").trim().split("\n");
  const cpu = process.cpuUsage();
  const started = performance.now();
  const client = createRegistryClient({ concurrency });
  const digests = await Promise.all(
    lines.map(async (line) => (await client.resolve(parseImageReference(line))).digest),
  );
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const { gc } = globalThis;
  gc?.();
  const held = gc === undefined ? NaN : process.memoryUsage().heapUsed;
  await client.close();
  process.stdout.write(lines.map((line, n) => `${line} ${digests[n] ?? ""}\n`).join(""));
  const { maxRSS } = process.resourceUsage();
  process.stderr.write(`${seconds} ${(used.user + used.system) / 1e6} ${maxRSS} ${held}\n`);
}

void main();
