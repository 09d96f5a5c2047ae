import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** The version of this package, as its package.json says. */
export function packageVersion(): string {
  const text = readFileSync(join(__dirname, "..", "..", "package.json"), "utf8");
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
}
