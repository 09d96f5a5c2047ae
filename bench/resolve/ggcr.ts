import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { executableIn, placeAtomically, toolFolder } from "../../tools/cache";
import type { GoProgram } from "../../tools/catalogue";
import { isExecutable } from "../../tools/executable";
import { buildFromGoModule } from "../../tools/go-build";
import { projectFolder } from "../../tools/project-folder";

const folder = "bench/peers/ggcr";

/** The path of our small program on the go-containerregistry library, built once for each state of its sources. */
export async function ensureGgcr(): Promise<string> {
  const program: GoProgram = {
    name: "ggcr",
    version: await sourceVersion(),
    command: ".",
    module: folder,
    buildTime: "a few seconds",
  };
  const place = toolFolder(process.env, program);
  const executable = executableIn(place, program);
  if (await isExecutable(executable)) return executable;
  await placeAtomically(place, program, async (temporary) => {
    const built = executableIn(temporary, program);
    await mkdir(dirname(built), { recursive: true });
    await buildFromGoModule(program, built, process.env);
  });
  return executable;
}

async function sourceVersion(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go"]) {
    hash.update(await readFile(join(projectFolder, folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
