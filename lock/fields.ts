import * as v from "valibot";
import { parseDigest, parsePlatform, type Digest } from "../images";
import { isTimestamp, timestampPattern } from "./timestamp";

// The kinds of values in a lock. `metadata` and `description` check nothing: they are for the published schema (tools/schema.ts), which cannot call functions.

export const digest = v.pipe(
  v.string(),
  v.metadata({ pattern: "^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$" }),
  v.rawTransform<string, Digest>(({ dataset, addIssue, NEVER }) => {
    try {
      return parseDigest(dataset.value);
    } catch (error) {
      addIssue({ message: error instanceof Error ? error.message : "is no digest" });
      return NEVER;
    }
  }),
);

export const moment = v.pipe(
  v.string(),
  v.metadata({ pattern: timestampPattern.source }),
  v.guard(isTimestamp, "is no time like 2026-11-21T10:00:00Z"),
);

/** As long as people's words may be, in characters. */
export const longestWords = 1000;

/** People's words: on one line, and of a length that a report can show. */
export const words = v.pipe(
  v.string(),
  v.minLength(1, "is empty"),
  v.maxLength(longestWords, "has more than 1,000 characters"),
  // eslint-disable-next-line no-control-regex -- control characters are what must not get in
  v.regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/, "has control characters"),
);

/**
 * What keeps a text from being written into a lock as a name or a reason: half a sentence, to stand behind what the text is.
 * Undefined when nothing does.
 */
export function problemOfWords(text: string): string | undefined {
  return v.safeParse(words, text).issues?.[0].message;
}

const platform = v.pipe(
  v.string(),
  v.metadata({ pattern: "^[a-z0-9]{1,32}/[a-z0-9_]{1,32}(/[a-z0-9.]{1,32})?$" }),
  v.check(isPlatform, "is no platform like linux/amd64"),
);

function isPlatform(text: string): boolean {
  try {
    parsePlatform(text);
    return true;
  } catch {
    return false;
  }
}

export const mediaType = v.pipe(
  v.string(),
  v.regex(/^[\w.+-]+\/[\w.+-]+$/, "is no media type"),
  v.maxLength(255, "has more than 255 characters"),
);
export const platforms = v.pipe(v.array(platform), v.maxLength(200, "has more than 200 elements"));

/** What a program packed: base64, of a length that does not swamp the file. */
export const base64 = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]+={0,2}$/, "is no base64"),
  v.maxLength(64 * 1024, "has more than 65,536 characters"),
);

/** A field with what an editor says of it. */
export function said<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  description: string,
): v.SchemaWithPipe<readonly [TSchema, v.DescriptionAction<v.InferOutput<TSchema>, string>]> {
  return v.pipe(schema, v.description(description));
}
