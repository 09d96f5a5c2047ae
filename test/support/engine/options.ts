import type { PreviewOptions } from "@pulumi/pulumi/automation";

/** A Pulumi program as a function. It runs in this process, so `env` does not reach it, only the engine and the packs. */
export type Program = () => ProgramOutputs | Promise<ProgramOutputs>;
// Programs that declare resources and export nothing return nothing.
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
type ProgramOutputs = void | Record<string, unknown>;

/** A file to hand over as it is, or settings to write to one: `{ "policy-name": "advisory", … }`. */
export type PackConfig = string | Readonly<Record<string, unknown>>;

/** What may differ from one operation on a stack to the next. */
export interface OperationOptions {
  /** When left out: the YAML program in the stack's `files`, run by Pulumi's own language host. */
  readonly program?: Program;
  /** Folders of policy packs, compiled: each needs PulumiPolicy.yaml, and package.json with `main`. */
  readonly packs?: readonly string[];
  /** One configuration for every pack, or a list with one for each pack. */
  readonly packConfig?: PackConfig | readonly PackConfig[];
  /** "always" keeps the engine's colours in stdout, for demos. */
  readonly color?: NonNullable<PreviewOptions["color"]>;
  /** Shows the properties of each resource in stdout, like `pulumi preview --diff`. */
  readonly diff?: boolean;
  /** Added to the environment of the engine and of the packs, for this operation too when given there. */
  readonly env?: Readonly<Record<string, string>>;
  /** After this long the engine is interrupted, and killed if that does not end it. 90 s unless told. */
  readonly timeoutMs?: number;
}

export interface TestStackOptions extends OperationOptions {
  readonly projectName?: string;
  readonly stackName?: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly secretConfig?: Readonly<Record<string, string>>;
  readonly stackTags?: Readonly<Record<string, string>>;
  /** Files to write to the folder where `pulumi` runs (the packs see it as PWD), such as images.lock.json. */
  readonly files?: Readonly<Record<string, string>>;
  /** Provider packages to stand in for, beside the usual ones: a name, or `name@version` to answer to that version. */
  readonly providers?: readonly string[];
  /** Folders of real plugins (PulumiPlugin.yaml, and package.json with `main`), by `name@version`. */
  readonly plugins?: Readonly<Record<string, string>>;
}
