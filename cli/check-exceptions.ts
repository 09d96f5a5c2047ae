import { relative, resolve, sep } from "node:path";
import { exceptionsCurrent } from "../policies/exceptions-current";
import type { FileFinding } from "../report";
import { levelFor, type FileEnvironment } from "./check-environment";
import type { CheckSettings } from "./settings-file";

/** The exceptions of the settings that do not apply any more, each at its line of the file. */
export function expiredExceptions(
  settings: CheckSettings,
  environmentOf: (absolute: string) => FileEnvironment,
  folder: string,
): readonly FileFinding[] {
  const path = settings.path ?? resolve(folder, "pinned-images.json");
  const { name } = environmentOf(path);
  // The settings are no file of an environment: they are for the strictest one, unless one is named for all.
  const environment = name === undefined ? settings.settings.environments[0] : environmentOf(path);
  const level = environment && levelFor(exceptionsCurrent, environment, settings);
  if (level === undefined) return [];
  return exceptionsCurrent.check(settings.settings).map((finding) => {
    const index = Number(/\[(\d+)\]/.exec(finding.path)?.[1] ?? 0);
    const line = settings.lineOfException(index);
    return {
      ...finding,
      policy: exceptionsCurrent.name,
      level: finding.level ?? level,
      file: relative(folder, path).split(sep).join("/"),
      ...{ line, column: 1, endLine: line, endColumn: 1 },
    };
  });
}
