import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ensureTool } from "../../../tools";
import { run } from "../../../tools/run";
import { testUser } from "./options";

const craneLimitMs = 60_000;

/** Runs crane, and gives what it prints; a failure is an error that holds what it said. */
export type Crane = (...args: string[]) => Promise<string>;

/** A crane that knows this registry's credentials and certificate, and nothing of the user's own configuration. */
export async function createCrane(
  folder: string,
  host: string,
  loggedIn: boolean,
  certificate: string | undefined,
): Promise<Crane> {
  const executable = await ensureTool("crane");
  const auth = Buffer.from(`${testUser.username}:${testUser.password}`).toString("base64");
  await writeFile(
    join(folder, "config.json"),
    JSON.stringify({ auths: loggedIn ? { [host]: { auth } } : {} }),
  );
  const env = {
    ...process.env,
    DOCKER_CONFIG: folder,
    ...(certificate === undefined ? {} : { SSL_CERT_FILE: certificate }),
  };
  return async (...args) => {
    const { code, stdout, stderr, timedOut } = await run(executable, args, { env, timeoutMs: craneLimitMs });
    if (timedOut) throw new Error(`crane ${args.join(" ")} was not done after ${craneLimitMs / 1000} s.`);
    if (code !== 0) throw new Error(`crane ${args.join(" ")} failed: ${stderr.trim()}`);
    return stdout.trim();
  };
}
