import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";

const entrySchema = v.object({
  version: v.literal(1),
  key: v.string(),
  askedAt: v.number(),
  value: v.unknown(),
});

/** Far more than any answer takes. */
const maxBytes = 1024 * 1024;

/**
 * Answers by key, one file each. A file appears whole or not at all (written beside, then renamed), so that several processes
 * may share a folder; the last to write wins. What cannot be read, or is not what it should be, counts as not there; what
 * cannot be written is not kept: a cache must never be the reason that something fails.
 */
export class CacheFolder {
  constructor(
    private readonly folder: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** What is kept for a key, if it was asked for less than `maxAge` milliseconds ago. */
  async read<T>(
    key: string,
    schema: v.GenericSchema<unknown, T>,
    maxAge = Number.POSITIVE_INFINITY,
  ): Promise<T | undefined> {
    const entry = await this.#entry(this.#pathOf(key));
    // The file's name is a hash: whoever put another key's answer there must not be believed.
    if (entry?.key !== key) return undefined;
    const age = this.now() - entry.askedAt;
    // An answer from the future came from another clock: how old it is, nobody can say.
    if (maxAge !== Number.POSITIVE_INFINITY && !(age >= 0 && age < maxAge)) return undefined;
    const value = v.safeParse(schema, entry.value);
    return value.success ? value.output : undefined;
  }

  async write(key: string, value: unknown): Promise<void> {
    const path = this.#pathOf(key);
    const temporary = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
    const text = JSON.stringify({ version: 1, key, askedAt: this.now(), value });
    try {
      // Names of private images are nobody else's business.
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, `${text}\n`, { mode: 0o600, flag: "wx" });
      await rename(temporary, path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #pathOf(key: string): string {
    return join(this.folder, `${createHash("sha256").update(key).digest("hex")}.json`);
  }

  async #entry(path: string): Promise<v.InferOutput<typeof entrySchema> | undefined> {
    try {
      const { size } = await stat(path);
      if (size > maxBytes) return undefined;
      const parsed = v.safeParse(entrySchema, JSON.parse(await readFile(path, "utf8")));
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined;
    }
  }
}
