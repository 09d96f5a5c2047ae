import * as v from "valibot";
import { parsePlatform, type Platform } from "../../images";
import {
  parseFilePattern,
  parseRegistryPattern,
  parseStackPattern,
  PatternError,
  type FilePattern,
  type RegistryPattern,
  type StackPattern,
} from "../patterns";
import { exceptionSchema, type Exception, type RefusedException } from "./exception";
import { parsed } from "./parsed";
import { signaturesSchema, type SignatureSettings } from "./signatures";

export type Level = "enforce" | "advise" | "off";
export type TagRule = "tag-and-digest" | "digest" | "either";

/** How strictly the stacks of one environment are treated. */
export interface Environment {
  readonly name: string;
  readonly stacks: readonly StackPattern[];
  /** The files beside programs that are of this environment; as the command line has it when left out. */
  readonly files?: readonly FilePattern[] | undefined;
  /** For every policy that `levels` does not name; as the engine has it when left out. */
  readonly level?: Level | undefined;
  readonly levels: Readonly<Record<string, Level | undefined>>;
}

/** What is demanded of the lock. */
export interface LockSettings {
  /** The lock that counts, whatever the stack or the program say; as they say when left out. */
  readonly file?: string | undefined;
  /** How long ago a digest may have been locked. */
  readonly maxAgeDays: number;
}

/** The settings as the policies see them. */
export interface Settings {
  /** Strictest first; `production` is always among them. */
  readonly environments: readonly Environment[];
  /** Whether the stack tag `environment`, which developers can set, may make a stack laxer. */
  readonly trustStackTags: boolean;
  readonly exceptions: readonly Exception[];
  /** Exceptions that do not apply: expired, or not readable. */
  readonly refusedExceptions: readonly RefusedException[];
  readonly registries: readonly RegistryPattern[];
  /** An image that a preview cannot know yet: stop the preview, or say so and let it pass. */
  readonly onUnknown: "advise" | "refuse";
  /** Ask the registry for the digest to offer in a fix line. */
  readonly suggestDigests: boolean;
  /** How a readable tag and the digest stand together. */
  readonly tag: TagRule;
  /** What every pulled image must be there for. */
  readonly platforms: readonly Platform[];
  readonly lock: LockSettings;
  readonly signatures: SignatureSettings;
}

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The settings as they are written. */
export type SettingsInput = DeepReadonly<v.InferInput<ReturnType<typeof settingsSchema>>>;

const level = v.picklist(["enforce", "advise", "off"]);

/** @param policies the names that levels and exceptions may use. */
export function settingsSchema(policies: readonly string[]) {
  return v.strictObject({
    environments: v.pipe(
      v.optional(v.array(environmentSchema(policies)), []),
      v.description(
        "How strictly stacks are treated, by environment, strictest first. A stack that no pattern names is production.",
      ),
    ),
    trustStackTags: v.pipe(
      v.optional(v.boolean(), false),
      v.description(
        `Whether the stack tag "environment" may make a stack laxer; it may always make it stricter.`,
      ),
    ),
    exceptions: v.pipe(
      v.optional(v.array(exceptionSchema(policies)), []),
      v.description("Images that need not obey, each with an owner, a reason and a last day."),
    ),
    registries: v.pipe(
      v.optional(v.array(parsed(parseRegistryPattern)), []),
      v.description("The registries, or paths within them, that image-registry-allowed lets pass."),
    ),
    onUnknown: v.pipe(
      v.optional(v.picklist(["advise", "refuse"]), "refuse"),
      v.description("What happens to an image that a preview cannot know yet."),
    ),
    suggestDigests: v.pipe(
      v.optional(v.boolean(), true),
      v.description("Whether registries are asked for the digests in fix lines."),
    ),
    tag: v.pipe(
      v.optional(v.picklist(["tag-and-digest", "digest", "either"]), "tag-and-digest"),
      v.description("What image-tag-stated wants beside the digest."),
    ),
    platforms: v.pipe(
      v.optional(v.array(parsed(readPlatform)), []),
      v.description("The platforms that image-pullable demands of every image, such as linux/amd64."),
    ),
    lock: v.pipe(
      v.optional(
        v.strictObject({
          file: v.pipe(
            v.optional(v.pipe(v.string(), v.minLength(1, "names no file"))),
            v.description("The lock that counts, whatever the stack or the program say."),
          ),
          maxAgeDays: v.pipe(
            v.optional(
              v.pipe(
                v.number(),
                v.integer("is no whole number"),
                v.minValue(1, "is less than a day"),
                v.maxValue(3650, "is more than ten years"),
              ),
              90,
            ),
            v.description(
              "How many days ago image-lock-fresh lets a digest have been locked: 90 when left out.",
            ),
          ),
        }),
        {},
      ),
      v.description("What is demanded of images.lock.json."),
    ),
    signatures: v.pipe(
      v.optional(signaturesSchema, {}),
      v.description("Whose signatures image-signed demands of which images."),
    ),
  });
}

function readPlatform(text: string): Platform {
  try {
    return parsePlatform(text);
  } catch {
    throw new PatternError("is no platform; write it like linux/amd64 or linux/arm/v7");
  }
}

function environmentSchema(policies: readonly string[]) {
  return v.strictObject({
    name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "is no name; write it like production")),
    stacks: v.optional(v.array(parsed(parseStackPattern)), []),
    files: v.pipe(
      v.optional(v.array(parsed(parseFilePattern))),
      v.description(
        `The files beside programs that are of this environment, for "pinned-images check": compose.prod*.yaml, deploy/live/*`,
      ),
    ),
    level: v.optional(level),
    levels: v.optional(
      v.strictObject(Object.fromEntries(policies.map((name) => [name, v.optional(level)]))),
      {},
    ),
  });
}
