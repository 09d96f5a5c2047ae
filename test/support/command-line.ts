import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Command, CommanderError } from "commander";
import { verbs } from "../../cli/verbs";
import { parseLock, type Lock } from "../../lock";
import { projectRoot } from "./paths";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder within the workplace. */
  readonly within?: string;
}

/** A folder to run the command line in: a git repository of one Ann, without a word of this machine's configuration. */
export interface Workplace {
  readonly folder: string;
  /** What the clock of {@link run} says; one minute passes with each run. */
  now: number;
  /** Runs a verb within this process, by its real options. */
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Runs the command as people do, in a process of its own, by the real clock. */
  spawn(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  path(name: string): string;
  read(name?: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
  lock(name?: string): Promise<Lock>;
  remove(): Promise<void>;
}

export const ann = "Ann Lee <ann@example.com>";

export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-cli-"));
  const environment = {
    PATH: process.env["PATH"] ?? "",
    HOME: join(folder, "home"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ann Lee",
    GIT_AUTHOR_EMAIL: "ann@example.com",
  };
  execFileSync("git", ["init", "--quiet", folder], { env: environment });
  const path = (name: string): string => join(folder, name);
  const read = async (name = "images.lock.json"): Promise<string> => readFile(path(name), "utf8");
  const workplace: Workplace = {
    folder,
    now: Date.parse("2026-11-21T10:00:00Z"),
    run: async (args, options = {}) => {
      const environmentNow = { ...environment, ...options.environment };
      const outcome = await runInside(
        args,
        options.stdin,
        join(folder, options.within ?? ""),
        environmentNow,
        workplace.now,
      );
      workplace.now += 60_000;
      return outcome;
    },
    spawn: async (args, options = {}) => {
      const command = join(projectRoot, "dist", "cli", "index.js");
      const child = spawn(process.execPath, [command, ...args], {
        cwd: folder,
        env: { ...environment, ...options.environment },
        timeout: 60_000,
      });
      child.stdin.on("error", () => undefined).end(options.stdin ?? "");
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
      const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
      return { code, stdout, stderr };
    },
    path,
    read,
    write: async (name, content) => writeFile(path(name), content),
    lock: async (name) => parseLock(await read(name)),
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
  return workplace;
}

async function runInside(
  args: readonly string[],
  stdin: string | undefined,
  folder: string,
  environment: Readonly<Record<string, string>>,
  now: number,
): Promise<Outcome> {
  const outcome = { code: 0, stdout: "", stderr: "" };
  const stdout = { write: (piece: string) => (outcome.stdout += piece) };
  const stderr = { write: (piece: string) => (outcome.stderr += piece) };
  const input = Object.assign(Readable.from([stdin ?? ""]), { isTTY: stdin === undefined });
  const surroundings = { stdin: input, stdout, stderr, folder, environment, clock: () => now };
  const program = new Command("pinned-images")
    .exitOverride()
    .configureOutput({ writeOut: stdout.write, writeErr: stderr.write });
  for (const addVerb of verbs) addVerb(program, surroundings, (code) => (outcome.code = code));
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    outcome.code = error.exitCode === 0 ? 0 : 2;
  }
  return outcome;
}
