import * as v from "valibot";
import { holdOn } from "./change";
import { entrySchema, type Lock, type LockEntry } from "./entry";
import { shown } from "./error";
import { parseLockKey } from "./key";
import { kindOf, placeText, problemOf } from "./problem";
import { lockError, offsetOf, parseJson, type Source } from "./syntax";

/** Not `v.record`, which takes an array, too, and skips names like `constructor` without a word. */
const images = v.custom<Readonly<Record<string, unknown>>>(isObject, "an object");

/** The file around the entries. */
export const fileSchema = v.strictObject({
  $schema: v.exactOptional(v.pipe(v.string(), v.description("The schema that an editor completes with."))),
  version: v.pipe(v.literal(1), v.description("The version of this format.")),
  images,
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A lock with nothing in it. */
export function emptyLock($schema?: string): Lock {
  return { ...($schema === undefined ? {} : { $schema }), images: new Map() };
}

/**
 * Reads a lock.
 *
 * @param path The file, for errors.
 * @throws LockError that names line and column of what is wrong.
 */
export function parseLock(text: string, path?: string): Lock {
  const source = sourceOf(text, path);
  const { $schema, images } = readFile(source);
  const entries = new Map<string, LockEntry>();
  for (const name of Object.keys(images)) entries.set(name, readEntry(source, name, images[name]));
  return { ...($schema === undefined ? {} : { $schema }), images: entries };
}

/** A lock in which only what is looked up is looked at: a preview needs a few entries of many. */
export interface LockView {
  /**
   * @param name As `lockKey` gives it.
   * @throws LockError when the entry is not what it should be.
   */
  get(name: string): LockEntry | undefined;
  /** The names of all entries. */
  readonly names: readonly string[];
}

/** As {@link parseLock}, except that an entry is read, and its mistakes are found, when it is asked for. */
export function viewLock(text: string, path?: string): LockView {
  const source = sourceOf(text, path);
  const { images } = readFile(source);
  const entries = new Map<string, LockEntry>();
  return {
    names: Object.keys(images),
    get(name) {
      if (!Object.hasOwn(images, name)) return undefined;
      let entry = entries.get(name);
      if (entry === undefined) {
        entry = readEntry(source, name, images[name]);
        entries.set(name, entry);
      }
      return entry;
    },
  };
}

function sourceOf(text: string, path: string | undefined): Source {
  return path === undefined ? { text } : { text, path };
}

function readFile(source: Source): v.InferOutput<typeof fileSchema> {
  const value = parseJson(source);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const problem = `is ${kindOf(value)} where an object was expected`;
    throw lockError(source, "invalid", offsetOf(source, []), `the lock ${problem}`);
  }
  const version: unknown = Reflect.get(value, "version");
  if (typeof version === "number" && version > 1) {
    const fix = "update pulumi-pinned-images";
    throw lockError(
      source,
      "version",
      offsetOf(source, ["version"]),
      `is of version ${version}; this tool knows version 1`,
      fix,
    );
  }
  const result = v.safeParse(fileSchema, value, { abortEarly: true });
  if (!result.success) throw invalid(source, [], result.issues[0]);
  return result.output;
}

function readEntry(source: Source, name: string, value: unknown): LockEntry {
  if (parseLockKey(name) === undefined) {
    const fix = "write it out, as pinned-images does: docker.io/library/nginx:1.27";
    throw lockError(
      source,
      "invalid",
      offsetOf(source, ["images", name]),
      `${shown(name, 300)} is no normalised reference with a tag`,
      fix,
    );
  }
  const result = v.safeParse(entrySchema, value, { abortEarly: true });
  if (!result.success) throw invalid(source, ["images", name], result.issues[0]);
  refuseHeld(source, name, result.output);
  return result.output;
}

/** A bot or a merge can write a digest that was rolled back into the file: none of our verbs does. */
function refuseHeld(source: Source, name: string, entry: LockEntry): void {
  const held = holdOn(entry, entry.digest);
  if (held === undefined) return;
  const why = held.reason === undefined ? "" : `: ${held.reason}`;
  const at = ["images", name, "digest"];
  const problem = `${placeText(at)} was rolled back on ${held.heldAt.slice(0, 10)} and is held${why}`;
  const fix =
    "put back the digest that was there; once it is good after all: pinned-images rollback --release";
  throw lockError(source, "held", offsetOf(source, at), problem, fix);
}

function invalid(source: Source, at: readonly string[], issue: v.BaseIssue<unknown>): Error {
  const steps = (issue.path ?? []).map((item) =>
    typeof item.key === "number" ? item.key : String(item.key),
  );
  const path = [...at, ...steps];
  return lockError(source, "invalid", offsetOf(source, path), `${placeText(path)} ${problemOf(issue)}`);
}
