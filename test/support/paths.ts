import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The project's folder: the nearest one above with a package.json, from the sources and from compiled output alike. */
export const projectRoot: string = (() => {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
})();

/** A file beneath test/fixtures. */
export function fixture(...path: string[]): string {
  return join(projectRoot, "test", "fixtures", ...path);
}
