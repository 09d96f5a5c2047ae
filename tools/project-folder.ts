import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The nearest folder above with a package.json: the same from the sources and from compiled output. */
export const projectFolder: string = (() => {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
})();
