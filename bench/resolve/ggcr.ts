import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../../tools/project-folder";
import { ensurePeer } from "../peers";

const folder = "bench/peers/ggcr";

/** The path of our small program on the go-containerregistry library, built once for each state of its sources. */
export async function ensureGgcr(): Promise<string> {
  return ensurePeer({
    name: "ggcr",
    version: await sourceVersion(),
    command: ".",
    module: folder,
    buildTime: "a few seconds",
  });
}

async function sourceVersion(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go"]) {
    hash.update(await readFile(join(projectFolder, folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
