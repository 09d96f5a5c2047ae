import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { executableIn, placeAtomically, toolFolder } from "../tools/cache";
import type { GoProgram } from "../tools/catalogue";
import { isExecutable } from "../tools/executable";
import { buildFromGoModule } from "../tools/go-build";

/** The peers that are commands of Go modules; the modules fix every dependency by its checksum. */
export const goPeers = {
  conftest: {
    name: "conftest",
    version: "0.71.1",
    command: "github.com/open-policy-agent/conftest",
    module: "bench/peers/conftest",
    buildTime: "about three minutes",
  },
  frizbee: {
    name: "frizbee",
    version: "0.1.7",
    command: "github.com/stacklok/frizbee",
    module: "bench/peers/frizbee",
    buildTime: "about half a minute",
  },
  kyverno: {
    name: "kyverno",
    version: "1.19.1",
    command: "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno",
    module: "bench/peers/kyverno",
    buildTime: "about fifteen minutes",
  },
} as const satisfies Record<string, GoProgram>;

/**
 * The path of a peer, built from its Go module when it is first measured beside, and kept: no test and no installation needs it.
 *
 * @throws ToolError with what the build said.
 */
export async function ensurePeer(
  program: GoProgram,
  progress: (text: string) => void = () => undefined,
): Promise<string> {
  const place = toolFolder(process.env, program);
  const executable = executableIn(place, program);
  if (await isExecutable(executable)) return executable;
  progress(`building ${program.name} ${program.version} from its Go module, ${program.buildTime}`);
  await placeAtomically(place, program, async (temporary) => {
    const built = executableIn(temporary, program);
    await mkdir(dirname(built), { recursive: true });
    await buildFromGoModule(program, built, process.env);
  });
  return executable;
}
