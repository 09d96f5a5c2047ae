import { base64 } from "./base64";
import { dockerfile } from "./dockerfile";
import { hcl } from "./hcl";
import { json } from "./json";
import { prefixed } from "./prefixed";
import type { TextReader } from "./reader";
import { yaml } from "./yaml";

const readers = new Map<string, TextReader>(Object.entries({ base64, dockerfile, hcl, json, yaml }));

/**
 * The reader that a path names in braces: `{json}`, or a prefix, `{DOCKER|}`.
 *
 * @throws TypeError for a name that there is none of: the tables are ours.
 */
export function textReader(name: string): TextReader {
  let reader = readers.get(name);
  if (reader === undefined) {
    if (!/[|/]$/.test(name)) throw new TypeError(`there is no reader "${name}"`);
    // One object for each name, by which the locations that share a text are told to.
    readers.set(name, (reader = prefixed(name)));
  }
  return reader;
}
