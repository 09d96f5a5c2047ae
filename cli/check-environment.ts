import { relative, sep } from "node:path";
import { parseFilePattern, type FilePattern } from "../policies/patterns";
import type { Policy } from "../policies/policy";
import { nearest, type Environment } from "../policies/settings";
import { UsageError } from "./read-references";
import { presets, type CheckSettings } from "./settings-file";

/** What is production by the names that people give, where the settings say nothing of files. */
export const productionFiles: readonly FilePattern[] = [
  "docker-compose.prod*",
  "compose.prod*",
  "values-prod*",
  "values.prod*",
  "Dockerfile.prod*",
  "Pulumi.prod*",
  "*/production/*",
  "production/*",
  "*/prod/*",
  "prod/*",
].map(parseFilePattern);

/** The environment of a file. */
export interface FileEnvironment extends Pick<Environment, "level" | "levels"> {
  /** Left out for a file that nothing says anything of: it is given advice. */
  readonly name?: string;
}

/**
 * Says which environment files are of: the one that is named for all; else the first in the settings, so the strictest, whose
 * patterns fit; else none.
 *
 * @throws UsageError for a name that no environment has.
 */
export function fileEnvironments(
  { settings: { environments }, folder }: CheckSettings,
  named: string | undefined,
): (absolute: string) => FileEnvironment {
  if (named !== undefined) {
    const known = [...new Set([...environments.map(({ name }) => name), ...presets])];
    if (!known.includes(named)) {
      throw new UsageError(
        `there is no environment ${JSON.stringify(named.slice(0, 60))}\nfix: ${nearest(named, known)}`,
      );
    }
    const environment = environments.find(({ name }) => name === named) ?? { name: named, levels: {} };
    return () => environment;
  }
  const patterns = environments.map((environment) => ({
    environment,
    files: environment.files ?? (environment.name === "production" ? productionFiles : []),
  }));
  return (absolute) => {
    const path = relative(folder, absolute).split(sep).join("/");
    return (
      patterns.find(({ files }) => files.some(({ matches }) => matches(path)))?.environment ?? { levels: {} }
    );
  };
}

/** How strictly a policy is meant for a file; undefined when it does not run. */
export function levelFor(
  policy: Policy,
  { name, level, levels }: FileEnvironment,
  { levelOf }: CheckSettings,
): "mandatory" | "advisory" | undefined {
  const base = levelOf(policy);
  // As in the engine: what is disabled, no environment can wake.
  if (base === "disabled") return undefined;
  const said = levels[policy.name] ?? level;
  if (said === "off") return undefined;
  if (said === "advise" || name === undefined) return "advisory";
  return said === "enforce" ? "mandatory" : base;
}
