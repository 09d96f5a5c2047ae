import { realpathSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { findLockFile, nameTwice } from "../lock";
import { allPolicies } from "../policies/all";
import type { Policy } from "../policies/policy";
import { nearest, parseSettings, type Settings } from "../policies/settings";
import { UsageError } from "./read-references";

/** The settings of the command line, of the shape that `--policy-pack-config` takes. */
export const settingsFileName = "pinned-images.json";

/** What packages ship for an environment as a whole. */
export const presets = ["production", "staging", "development"] as const;
export type Preset = (typeof presets)[number];

/** Far more than any settings. */
const maxBytes = 8 * 1024 * 1024;

const levelName = v.picklist(["mandatory", "advisory", "remediate", "disabled"]);
const levelSchema = v.union([
  levelName,
  v.pipe(
    v.strictObject({ enforcementLevel: v.optional(levelName) }),
    v.transform(({ enforcementLevel }) => enforcementLevel),
  ),
]);
const fileSchema = v.record(v.string(), v.unknown());

/** How strictly a policy is meant where its environment says nothing. */
export type BaseLevel = Policy["level"];

/** What the command line checks by. */
export interface CheckSettings {
  readonly settings: Settings;
  readonly levelOf: (policy: Policy) => BaseLevel;
  /** The settings' file, if there is one. */
  readonly path?: string;
  /** What patterns of files are relative to. */
  readonly folder: string;
  /** The line of an exception in the file, from one. */
  readonly lineOfException: (index: number) => number;
}

export interface SettingsWish {
  /** The file that is named; looked for in the working folder and above when left out. */
  readonly config?: string | undefined;
  readonly preset?: Preset | undefined;
  readonly folder: string;
  readonly now: Date;
}

type Levels = ReadonlyMap<string, BaseLevel>;

/**
 * Reads the settings: those of the file, over those of the preset, name by name.
 *
 * @throws UsageError for a file that is not there, that is no JSON, or that says something that is not understood.
 */
export async function readCheckSettings({
  config,
  preset,
  folder,
  now,
}: SettingsWish): Promise<CheckSettings> {
  const path = locate(config, folder);
  const text = path === undefined ? "{}" : await readText(path);
  const below =
    preset === undefined
      ? undefined
      : parseFile(await readText(presetPath(preset)), `the preset ${preset}`, now);
  const own = parseFile(text, path ?? "", now, below?.given);
  const levels: Levels = new Map([...(below?.levels ?? []), ...own.levels]);
  return {
    settings: own.settings,
    levelOf: ({ name, level }) => levels.get(name) ?? level,
    ...(path === undefined ? {} : { path }),
    // Links followed, as the files that are found are.
    folder: realpathSync(path === undefined ? folder : dirname(path)),
    lineOfException: own.settings.refusedExceptions.length === 0 ? () => 1 : await linesOfExceptions(text),
  };
}

/** The parser is loaded for this alone: most settings have no exception that is over, and a commit waits for what a check loads. */
async function linesOfExceptions(text: string): Promise<CheckSettings["lineOfException"]> {
  const { findNodeAtLocation, parseTree } = await import("jsonc-parser");
  const root = parseTree(text);
  return (index) => {
    const node = root && findNodeAtLocation(root, ["settings", "exceptions", index]);
    return node === undefined ? 1 : text.slice(0, node.offset).split("\n").length;
  };
}

function locate(config: string | undefined, folder: string): string | undefined {
  if (config !== undefined) return resolve(folder, config);
  const found = findLockFile(settingsFileName, folder);
  return "path" in found ? found.path : undefined;
}

/** The package's own file, from the sources' compiled place. */
function presetPath(preset: Preset): string {
  return join(__dirname, "..", "..", "presets", `${preset}.json`);
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > maxBytes) throw new UsageError(`${path} has more than ${maxBytes} bytes`);
    return (await readFile(path, "utf8")).replace(/^\ufeff/, "");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`the settings ${path} cannot be read; name the file that there is: --config <file>`);
  }
}

interface ParsedFile {
  readonly settings: Settings;
  readonly levels: Levels;
  readonly given: Readonly<Record<string, unknown>>;
}

function parseFile(
  text: string,
  path: string,
  now: Date,
  below: Readonly<Record<string, unknown>> = {},
): ParsedFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/\s+/g, " ").slice(0, 200) : "";
    throw new UsageError(`${path} is no JSON: ${said}`);
  }
  const twice = nameTwice(text, json);
  if (twice !== undefined) {
    const place = `${path}:${text.slice(0, twice.offset).split("\n").length}`;
    throw new UsageError(
      `${place}: ${JSON.stringify(twice.name.slice(0, 60))} stands twice; keep the one that counts`,
    );
  }
  const file = v.safeParse(fileSchema, json);
  if (!file.success || Array.isArray(json))
    throw new UsageError(`${path} is no object; write { "settings": {} } with levels beside it`);
  const { $schema: _, settings = {}, ...rest } = file.output;
  const names = allPolicies.map(({ name }) => name);
  const own = v.safeParse(fileSchema, settings);
  if (!own.success) throw new UsageError(`${path}: settings is no object`);
  const given = { ...below, ...own.output };
  const result = parseSettings(given, { policies: names, now });
  if (!result.ok) {
    const problems = result.problems.map(({ path: at, problem, fix }) => `${at}: ${problem}\nfix: ${fix}`);
    throw new UsageError(`${path}: ${problems.join("\n")}`);
  }
  return { settings: result.settings, levels: levelsOf(rest, names, path), given };
}

function levelsOf(rest: Readonly<Record<string, unknown>>, names: readonly string[], path: string): Levels {
  const levels = new Map<string, BaseLevel>();
  // What is said of all comes first, whatever its place.
  const entries = Object.entries(rest).sort(([a], [b]) => Number(b === "all") - Number(a === "all"));
  for (const [name, value] of entries) {
    if (name !== "all" && !names.includes(name)) {
      throw new UsageError(
        `${path}: there is no policy ${JSON.stringify(name.slice(0, 60))}\nfix: ${nearest(name, names)}`,
      );
    }
    const level = v.safeParse(levelSchema, value);
    if (!level.success)
      throw new UsageError(`${path}: ${name} can be mandatory, advisory, remediate or disabled`);
    if (level.output === undefined) continue;
    // Nothing is rewritten by a check; what would be is what it finds.
    const base = level.output === "remediate" ? "mandatory" : level.output;
    for (const one of name === "all" ? names : [name]) levels.set(one, base);
  }
  return levels;
}
