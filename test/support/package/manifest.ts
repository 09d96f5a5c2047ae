import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import { projectRoot } from "../paths";

const schema = v.object({
  name: v.string(),
  version: v.string(),
  main: v.string(),
  bin: v.record(v.string(), v.string()),
  exports: v.record(v.string(), v.union([v.string(), v.object({ types: v.string(), default: v.string() })])),
  dependencies: v.record(v.string(), v.string()),
  peerDependencies: v.record(v.string(), v.string()),
});

/** What the project's package.json promises. */
export const manifest = v.parse(schema, JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")));

/** The entries that a program imports: `.`, `./images`, …; data files left out. */
export const entryKeys: readonly string[] = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target !== "string")
  .map(([key]) => key);
