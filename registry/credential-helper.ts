import { execFile } from "node:child_process";
import * as v from "valibot";
import type { Credential } from "./docker-config";

/** Names come from a file: one that has a path or a space in it must not choose what is run. */
const helperName = /^[a-z0-9][a-z0-9._-]*$/i;
const maxOutput = 64 * 1024;

/** What docker-credential-helpers prints, on stdout and with exit code 1, for a registry that it does not know. */
const notFound = "credentials not found in native keychain";

const answerSchema = v.object({ Username: v.string(), Secret: v.string() });

/** Why a helper gave nothing; fit to stand behind its name. Never quotes its output, which may hold the secret. */
export class CredentialHelperError extends Error {}

export interface HelperOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Asks `docker-credential-<name> get` for a server. Protocol: https://github.com/docker/docker-credential-helpers.
 *
 * @throws CredentialHelperError
 */
export async function askHelper(name: string, server: string, options: HelperOptions): Promise<Credential> {
  if (!helperName.test(name)) throw new CredentialHelperError("has a name that no helper may have");
  const { failure, stdout } = await run(`docker-credential-${name}`, server, options);
  if (failure !== undefined) {
    if (stdout.includes(notFound)) return { kind: "anonymous" };
    throw new CredentialHelperError(failure);
  }
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), answerSchema), stdout);
  if (!answer.success) throw new CredentialHelperError("answered something that is no credential");
  const { Username: username, Secret: secret } = answer.output;
  if (username === "" && secret === "") return { kind: "anonymous" };
  return username === "<token>"
    ? { kind: "identity-token", username, token: secret }
    : { kind: "basic", username, password: secret };
}

async function run(
  program: string,
  input: string,
  { environment, timeout }: HelperOptions,
): Promise<{ failure: string | undefined; stdout: string }> {
  return new Promise((resolve) => {
    const settings = {
      env: { ...environment },
      timeout,
      killSignal: "SIGKILL",
      maxBuffer: maxOutput,
      windowsHide: true,
      shell: false,
      encoding: "utf8",
    } as const;
    const child = execFile(program, ["get"], settings, (error, stdout) => {
      resolve({ failure: error === null ? undefined : describe(error), stdout });
    });
    // A helper that exits without reading its input closes the pipe; its exit code says the rest.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function describe(error: { code?: number | string | null; killed?: boolean }): string {
  if (error.code === "ENOENT") return "is not installed (not found in PATH)";
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return "answered too much";
  if (error.killed === true) return "did not answer in time";
  return typeof error.code === "number" ? `failed with exit code ${error.code}` : "could not be run";
}
