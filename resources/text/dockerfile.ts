import { isUnknown, peek, unknownText } from "../unknown";
import type { GivenArguments } from "./dockerfile/arguments";
import { dockerfileNames, type NamedImage } from "./dockerfile/names";
import { writable, type Writable } from "./dockerfile/writable";
import { FixedText, splice, UnnamedText, type TextReader } from "./reader";

/** In characters. Nobody writes such a Dockerfile inline. */
const maxLength = 100_000;

/** Where a build takes an image from, and what is known of it. */
interface Source {
  readonly value: unknown;
  readonly written: Writable;
}

/**
 * The images that a Dockerfile builds from, by their line: `FROM`, `COPY --from`, `RUN --mount=from=`, and the frontend of `# syntax=`,
 * which BuildKit pulls and runs (https://docs.docker.com/reference/dockerfile/). Stages, `scratch` and the named contexts of the build are none. A name in a
 * global `ARG` is read from it, or from the resource's `buildArgs`.
 */
export const dockerfile: TextReader = {
  beside: ["buildArgs", "context"],

  decode(text, beside) {
    if (text.length > maxLength)
      return { problem: `is longer than the ${maxLength} characters that are read` };
    const values = [...sources(text, beside)].map(([key, { value }]) => [key, value] as const);
    return { value: Object.fromEntries(values) };
  },

  encode(text, edits, beside) {
    const found = sources(text, beside);
    const spans = edits.flatMap(({ keys, value }) => {
      const written = found.get(String(keys[0]))?.written;
      if (written === undefined || "reason" in written) return [];
      return [{ ...written, text: String(value) }];
    });
    return splice(text, spans);
  },
};

function sources(text: string, beside: object): ReadonlyMap<string, Source> {
  const names = dockerfileNames(text, namedContexts(beside), argumentsOf(beside));
  const writableOf = writable(names);
  const found = new Map<string, Source>();
  let [line, from] = [1, 0];
  for (const name of names) {
    // In the order of the text.
    const at = name.word.at[0] ?? from;
    line += text.slice(from, at).split("\n").length - 1;
    from = at;
    const written = writableOf(name);
    let key = `line ${line}`;
    for (let n = 2; found.has(key); n++) key = `line ${line} (${n})`;
    found.set(key, { value: valueOf(name, written), written });
  }
  return found;
}

function valueOf({ image }: NamedImage, written: Writable): unknown {
  if ("problem" in image) return image.later === true ? unknownText : new UnnamedText(image.problem);
  return "reason" in written ? new FixedText(image.text, written.reason) : image.text;
}

/** What the resource says of the build's arguments. */
function argumentsOf(beside: object): GivenArguments {
  const passed = peek(beside, "buildArgs");
  return (name) => {
    const value = typeof passed === "object" && passed !== null ? peek(passed, name) : undefined;
    if (isUnknown(passed) || isUnknown(value)) return { later: true };
    return typeof value === "string" ? value : undefined;
  };
}

/** The names that `context.named` of the resource gives a meaning of its own. */
function namedContexts(beside: object): ReadonlySet<string> {
  const context = peek(beside, "context");
  const named = typeof context === "object" && context !== null ? peek(context, "named") : undefined;
  return new Set(typeof named === "object" && named !== null ? Object.keys(named) : []);
}
