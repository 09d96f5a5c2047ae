import { chownSync, readdirSync } from "node:fs";
import { join } from "node:path";

const nobody = 65_534;

/** Runs `work` as somebody to whom the folder belongs and who is not root: nothing is forbidden to root. */
export async function unprivileged(folder: string, work: () => void | Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return work();
  give(folder);
  process.seteuid(nobody);
  try {
    await work();
  } finally {
    process.seteuid(0);
  }
}

function give(folder: string): void {
  chownSync(folder, nobody, nobody);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    chownSync(join(folder, name), nobody, nobody);
  }
}
