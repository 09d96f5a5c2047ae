import type * as Ast from "dockerfile-ast";
import type { Dockerfile, Instruction } from "dockerfile-ast";
import { isUnknown, peek } from "../unknown";
import { FixedText, splice, UnnamedText, type TextReader } from "./reader";

/** The parser takes a third of a second for a text of this length, in characters. Nobody writes such a Dockerfile inline. */
const maxLength = 100_000;

/** More than any reference has, its variables included, in characters. */
const maxName = 1_000;

/** Where a build takes an image from, and what is known of it. */
interface Source {
  readonly key: string;
  readonly value: unknown;
  readonly range: TextRange;
}

type TextRange = ReturnType<Instruction["getRange"]>;

/**
 * The images that a Dockerfile builds from, by their line: `FROM`, `COPY --from`, `RUN --mount=from=`
 * (https://docs.docker.com/reference/dockerfile/). Stages, `scratch` and the named contexts of the build are none. A name in a
 * global `ARG` is read from it, or from the resource's `buildArgs`.
 */
export const dockerfile: TextReader = {
  beside: ["buildArgs", "context"],

  decode(text, beside) {
    if (text.length > maxLength)
      return { problem: `is longer than the ${maxLength} characters that are read` };
    try {
      return { value: Object.fromEntries(sources(text, beside).map(({ key, value }) => [key, value])) };
    } catch {
      return { problem: "is not readable as a Dockerfile" };
    }
  },

  encode(text, edits, beside) {
    const values = new Map(edits.map(({ keys, value }) => [keys[0], String(value)]));
    const offset = offsets(text);
    const spans = sources(text, beside).flatMap(({ key, range }) => {
      const value = values.get(key);
      return value === undefined ? [] : [{ start: offset(range.start), end: offset(range.end), text: value }];
    });
    return splice(text, spans);
  },
};

// Loaded by the first Dockerfile, so that a pack which meets none need not wait for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const load = (): typeof Ast => require("dockerfile-ast") as typeof Ast;

function sources(text: string, beside: object): readonly Source[] {
  const { DockerfileParser, From } = load();
  const file = DockerfileParser.parse(text);
  const contexts = namedContexts(beside);
  const stages = new Set<string>();
  const found = new Map<string, Source>();
  let stageCount = 0;

  const add = (range: TextRange, value: unknown, at: TextRange): void => {
    const line = `line ${range.start.line + 1}`;
    let key = line;
    for (let n = 2; found.has(key); n++) key = `${line} (${n})`;
    found.set(key, { key, value, range: at });
  };
  const isImage = (name: string): boolean =>
    name !== "scratch" && !stages.has(name.toLowerCase()) && !contexts.has(name);

  for (const instruction of file.getInstructions()) {
    if (instruction instanceof From) {
      const [name, range] = [instruction.getImage(), instruction.getImageRange()];
      if (name !== null && range !== null) {
        const { value, at } = argument(name, range, file, beside);
        const known = value instanceof FixedText ? value.text : value;
        if (typeof known !== "string" || isImage(known)) add(range, value, at);
      }
      const stage = instruction.getBuildStage();
      if (stage !== null) stages.add(stage.toLowerCase());
      stages.add(String(stageCount++));
    } else {
      for (const { name, range } of fromFlags(instruction)) {
        if (isImage(name)) add(range, name.includes("$") ? new UnnamedText(followed) : name, range);
      }
    }
  }
  return [...found.values()];
}

/** What `--from=` and `--mount=from=` name, of an instruction or of the one that it keeps for a later build. */
function fromFlags(instruction: Instruction | null): readonly { name: string; range: TextRange }[] {
  const { Copy, ModifiableInstruction, Onbuild } = load();
  if (instruction instanceof Onbuild) return fromFlags(instruction.getTriggerInstruction());
  if (!(instruction instanceof ModifiableInstruction)) return [];
  const options =
    instruction instanceof Copy
      ? [instruction.getFromFlag()]
      : instruction
          .getFlags()
          .filter((flag) => flag.getName() === "mount")
          .map((flag) => flag.getOption("from"));
  return options.flatMap((option) => {
    const [name, range] = [option?.getValue() ?? null, option?.getValueRange() ?? null];
    return name === null || range === null ? [] : [{ name, range }];
  });
}

const followed = "is named by a variable of the build, where it cannot be followed";
const variable = /\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^}]*))?\})/g;

/** What `FROM` names, once the build's arguments are filled in, and the place where that is written. */
function argument(
  name: string,
  range: TextRange,
  file: Dockerfile,
  beside: object,
): { value: unknown; at: TextRange } {
  if (!name.includes("$")) return { value: name, at: range };
  if (name.length > maxName) return { value: new UnnamedText(followed), at: range };
  const given = new Map<string, unknown>();
  const written = new Map<string, TextRange>();
  for (const arg of file.getInitialARGs()) {
    const property = arg.getProperty();
    if (property === null) continue;
    given.set(property.getName(), property.getUnescapedValue() ?? undefined);
    const at = property.getValueRange();
    if (at !== null && property.getValue() === property.getUnescapedValue())
      written.set(property.getName(), at);
  }
  const passed = peek(beside, "buildArgs");
  if (isUnknown(passed)) return { value: passed, at: range };
  const outside = new Set<string>();
  if (typeof passed === "object" && passed !== null) {
    for (const arg of given.keys()) {
      const value = peek(passed, arg);
      if (value === undefined) continue;
      given.set(arg, value);
      outside.add(arg);
    }
  }
  const [whole] = [/^\$(?:(\w+)|\{(\w+)\})$/.exec(name)];
  const only = whole?.[1] ?? whole?.[2];
  let problem: unknown;
  const text = name.replace(variable, (_, bare?: string, braced?: string, operator?: string, other = "") => {
    const value = given.get(bare ?? braced ?? "");
    const unset = value === undefined || (value === "" && operator?.startsWith(":") === true);
    if (operator?.endsWith("-") === true && unset) return String(other);
    if (operator?.endsWith("+") === true) return unset ? "" : String(other);
    if (typeof value === "string" && !isUnknown(value)) return value;
    problem ??= isUnknown(value)
      ? value
      : new UnnamedText(`is named by the build argument ${bare ?? braced ?? ""}, which has no value here`);
    return "";
  });
  if (problem !== undefined) return { value: problem, at: range };
  if (text.includes("$")) {
    return { value: new UnnamedText(followed), at: range };
  }
  const at = only === undefined || outside.has(only) ? undefined : written.get(only);
  if (at !== undefined) return { value: text, at };
  const reason =
    outside.size > 0
      ? "a build argument of the resource names it"
      : "it is put together from build arguments";
  return { value: new FixedText(text, reason), at: range };
}

/** The names that `context.named` of the resource gives a meaning of its own. */
function namedContexts(beside: object): ReadonlySet<string> {
  const context = peek(beside, "context");
  const named = typeof context === "object" && context !== null ? peek(context, "named") : undefined;
  return new Set(typeof named === "object" && named !== null ? Object.keys(named) : []);
}

/** Turns the parser's lines and columns into offsets. */
function offsets(text: string): (position: TextRange["start"]) => number {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return ({ line, character }) => (starts[line] ?? text.length) + character;
}
