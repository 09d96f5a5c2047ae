import { CommandError, LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import type { ConfigMap, EngineEvent, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { ensureTool } from "../../../tools";
import { run, type RunResult } from "../../../tools/run";
import "./connections";
import { withDeadline } from "./deadline";
import type { OperationOptions, Program, TestStackOptions } from "./options";
import { packConfigFiles } from "./pack-config";
import { exitCodeFrom, policyEventsFrom, resourcesFrom } from "./result";
import type { EngineResult } from "./result";
import { writeStandIns } from "./stand-in-folder";

/** Packages that most programs use; `providers` adds others. */
const usualProviders = ["aws", "awsx", "azure-native", "docker", "docker-build", "gcp", "kubernetes"];

const defaultTimeoutMs = 90_000;

/** A stack of its own in the real engine: its state, home and folder are temporary, and `dispose` removes them. */
export interface TestStack {
  /** The folder where `pulumi` runs, which the packs see as PWD. */
  readonly workDir: string;
  /** Each operation takes the stack's own options, except those given here. One at a time on one stack. */
  preview(options?: Partial<OperationOptions>): Promise<EngineResult>;
  up(options?: Partial<OperationOptions>): Promise<EngineResult>;
  destroy(options?: Partial<OperationOptions>): Promise<EngineResult>;
  /** Runs the engine's command line, for what the Automation API has no method; it ends after 90 s at the latest. */
  command(...args: readonly string[]): Promise<RunResult>;
  dispose(): Promise<void>;
}

/**
 * Makes a stack for `options.program`. Everything that the engine does is real; the providers and the host of the packs
 * are stand-ins (see stand-in-folder.ts). Stacks do not share anything on disk, and inline programs keep the SDK's
 * state in an AsyncLocalStorage of each run, so that any number may run side by side, in one process or in several.
 * One exception: a program that throws. The SDK learns of it as an unhandled rejection, which every run of the process
 * hears, so programs that are meant to throw must run alone.
 */
export async function createTestStack(options: TestStackOptions): Promise<TestStack> {
  const pulumi = await ensureTool("pulumi");
  const root = await mkdtemp(join(tmpdir(), "pinned-images-engine-"));
  try {
    return await createIn(root, pulumi, options);
  } catch (error) {
    await removeFolder(root);
    throw error;
  }
}

async function createIn(root: string, pulumi: string, options: TestStackOptions): Promise<TestStack> {
  const [home, state, workDir] = [join(root, "home"), join(root, "state"), join(root, "work")];
  for (const folder of [home, state, workDir]) await mkdir(folder);
  for (const [path, content] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(workDir, path)), { recursive: true });
    await writeFile(join(workDir, path), content);
  }
  const bin = join(root, "bin");
  const processIdFile = join(root, "pulumi.pid");
  await writeStandIns({ bin, home, workDir }, pulumi, processIdFile, {
    providers: [...usualProviders, ...(options.providers ?? [])],
    plugins: options.plugins ?? {},
    yamlHost: options.program === undefined ? await ensureTool("pulumi-language-yaml") : undefined,
  });

  const { projectName = "pinned-images-test", stackName = "test" } = options;
  const backend = `file://${state}`;
  const environment = (env: OperationOptions["env"]) => ({
    ...options.env,
    ...env,
    PATH: `${bin}${delimiter}${env?.["PATH"] ?? options.env?.["PATH"] ?? process.env["PATH"] ?? ""}`,
    PWD: workDir,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: backend,
    PULUMI_CONFIG_PASSPHRASE: "only for tests",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A plugin that has no stand-in is an error at once, not a download.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  });
  const workspace = {
    workDir,
    pulumiHome: home,
    pulumiCommand: await PulumiCommand.get({ root, skipVersionCheck: true }),
    envVars: environment(undefined),
  };
  const stack =
    options.program === undefined
      ? await LocalWorkspace.createStack({ stackName, workDir }, workspace)
      : await LocalWorkspace.createStack(
          { stackName, projectName, program: toPulumiFn(options.program) },
          {
            ...workspace,
            projectSettings: { name: projectName, runtime: "nodejs", backend: { url: backend } },
          },
        );
  await configure(stack, options);

  const operate = async (verb: Verb, changes: Partial<OperationOptions>): Promise<EngineResult> => {
    const now = { ...options, ...changes };
    Object.assign(stack.workspace.envVars, environment(changes.env));
    const packs = [...(now.packs ?? [])];
    const configs = await packConfigFiles(packs, now.packConfig, root);
    return withDeadline(now.timeoutMs ?? defaultTimeoutMs, processIdFile, (signal) =>
      observe((observer) =>
        verbs[verb](stack, {
          ...observer,
          signal,
          color: now.color ?? "never",
          ...(now.diff === undefined ? {} : { diff: now.diff }),
          ...(verb === "destroy"
            ? {}
            : {
                policyPacks: packs,
                policyPackConfigs: configs,
                ...(now.program === undefined ? {} : { program: toPulumiFn(now.program) }),
              }),
        }),
      ),
    );
  };
  return {
    workDir,
    preview: async (changes = {}) => operate("preview", changes),
    up: async (changes = {}) => operate("up", changes),
    destroy: async (changes = {}) => operate("destroy", changes),
    command: async (...args) =>
      run(join(bin, "pulumi"), args, {
        cwd: workDir,
        env: { ...process.env, ...environment(undefined) },
        timeoutMs: defaultTimeoutMs,
      }),
    dispose: async () => removeFolder(root),
  };
}

type Verb = "preview" | "up" | "destroy";
type AllOptions = NonNullable<Parameters<Stack["preview"]>[0] & Parameters<Stack["up"]>[0]>;

const verbs: Readonly<Record<Verb, (stack: Stack, options: AllOptions) => Promise<unknown>>> = {
  preview: async (stack, options) => stack.preview(options),
  up: async (stack, options) => stack.up(options),
  destroy: async (stack, options) => stack.destroy(options),
};

interface Observer {
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

/** Runs the engine and gathers all that it says. That it refuses is a result like any other, not an exception. */
async function observe(operation: (observer: Observer) => Promise<unknown>): Promise<EngineResult> {
  const events: EngineEvent[] = [];
  let stdout = "";
  let stderr = "";
  let exitCode: number | undefined = 0;
  const start = performance.now();
  try {
    await operation({
      onOutput: (text) => (stdout += text),
      onError: (text) => (stderr += text),
      onEvent: (event) => events.push(event),
    });
  } catch (error) {
    exitCode = error instanceof CommandError ? exitCodeFrom(error.message) : undefined;
    if (exitCode === undefined) throw error;
  }
  const durationMs = performance.now() - start;
  const resources = resourcesFrom(events);
  const policyEvents = policyEventsFrom(events);
  return { ok: exitCode === 0, exitCode, stdout, stderr, events, resources, policyEvents, durationMs };
}

async function configure(stack: Stack, options: TestStackOptions): Promise<void> {
  const config: ConfigMap = {};
  for (const [key, value] of Object.entries(options.config ?? {})) config[key] = { value };
  for (const [key, value] of Object.entries(options.secretConfig ?? {}))
    config[key] = { value, secret: true };
  if (Object.keys(config).length > 0) await stack.setAllConfig(config);
  for (const [key, value] of Object.entries(options.stackTags ?? {})) await stack.setTag(key, value);
}

function toPulumiFn(program: Program): PulumiFn {
  return async () => program();
}

async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
