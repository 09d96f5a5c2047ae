import { BuildArguments, platformPattern, type Expanded, type GivenArguments } from "./arguments";
import { dockerfileLines } from "./lines";
import { part, traced, type Traced } from "./traced";
import { assignments, csvFields, firstWord, instructionOf, type Instruction } from "./words";

/** A place of a Dockerfile that names an image. */
export interface NamedImage {
  /** `FROM`, `COPY --from`, `# syntax`. */
  readonly path: string;
  /** What stands at the place. */
  readonly word: Traced;
  /** What it means: the word itself, or what its variables make of it. */
  readonly image: Expanded;
  /** What to do where no digest can be put there. */
  readonly fix: string;
}

const fixes = {
  from: "name the whole image in one ARG in front of the first FROM, as ARG BASE=image:tag, and build FROM $BASE",
  copy: "make it a stage, as FROM $NAME AS name, and take it from there with --from=name",
  word: "write the image out, on one line and without quotes or escapes",
};

/**
 * Every place of a Dockerfile that names an image, in the order of its instructions; stages, numbers of stages, named contexts and
 * `scratch` left out. The rules are those of BuildKit (frontend/dockerfile/dockerfile2llb/convert.go): `FROM` knows the stages above
 * it, the others know all of them. Linear in the text.
 *
 * @param contexts the names that the build gives a meaning of its own.
 * @param outside the arguments that the build is given.
 */
export function dockerfileNames(
  text: string,
  contexts: ReadonlySet<string>,
  outside: GivenArguments = () => undefined,
): readonly NamedImage[] {
  const found: NamedImage[] = [];
  const stages = new Set<string>();
  const later: { readonly index: number; readonly name: NamedImage }[] = [];
  let given: BuildArguments | undefined;
  let escape = "\\";
  let inStage = false;

  for (const each of dockerfileLines(text)) {
    if (each.kind === "directive") {
      if (each.name === "escape" && each.value.text === "`") escape = "`";
      if (each.name === "syntax") {
        const [word] = firstWord(each.value);
        found.push({ path: "# syntax", word, image: word, fix: fixes.word });
      }
      continue;
    }
    if (each.kind === "broken") {
      const word = traced(text, each.start, each.end);
      const fix = "end the heredoc with a line that holds its name alone";
      found.push({ path: "heredoc", word, image: { problem: each.problem }, fix });
      continue;
    }
    given ??= new BuildArguments(escape, outside);
    const instruction = instructionOf(each.line, escape);
    if (instruction.keyword === "ARG" && !inStage) {
      for (const word of assignments(instruction.rest, escape)) given.declare(word);
    } else if (instruction.keyword === "FROM") {
      inStage = true;
      const [word, behind] = firstWord(instruction.rest);
      if (word.text === "") continue;
      const image = given.expand(word);
      if (!isStage(word, image, stages) && !("text" in image && isNone(image.text, contexts))) {
        const path = word.text.includes("$") ? `FROM ${word.text.slice(0, 100)}` : "FROM";
        found.push({
          path,
          word,
          image,
          fix: "text" in image && !word.text.includes("$") ? fixes.word : fixes.from,
        });
      }
      const stage = /^as\s+(\S+)/i.exec(behind.text)?.[1];
      if (stage !== undefined) stages.add(stage.toLowerCase());
    } else {
      for (const name of flagNames(instruction, escape)) {
        later.push({ index: found.length, name });
        found.push(name);
      }
    }
  }
  const none = new Set(
    later
      .filter(({ name: { word } }) => isStageOrNumber(word.text, stages) || isNone(word.text, contexts))
      .map(({ index }) => index),
  );
  return found.filter((_, index) => !none.has(index));
}

function isNone(name: string, contexts: ReadonlySet<string>): boolean {
  return name === "scratch" || contexts.has(name);
}

function isStageOrNumber(name: string, stages: ReadonlySet<string>): boolean {
  return /^\d+$/.test(name) || stages.has(name.toLowerCase());
}

/** More than anybody writes: comparing every name with every stage takes the square of the time. */
const maxStages = 200;

/** A stage may be chosen by the platform, as `FROM base-$TARGETARCH`: then nobody knows it here, and it is there. */
function isStage(word: Traced, image: Expanded, stages: ReadonlySet<string>): boolean {
  if ("text" in image) return stages.has(image.text.toLowerCase());
  const pattern = platformPattern(word.text);
  if (pattern === undefined || stages.size > maxStages) return false;
  return [...stages].some((stage) => stage.length <= 128 && pattern.test(stage));
}

/** What `--from=` and `--mount=from=` name, of an instruction or of the one that it keeps for a later build. */
function flagNames(
  { keyword, flags, rest }: Instruction,
  escape: string,
  prefix = "",
): readonly NamedImage[] {
  if (keyword === "ONBUILD" && prefix === "")
    return flagNames(instructionOf(rest, escape), escape, "ONBUILD ");
  const words =
    keyword === "COPY"
      ? flags.flatMap((flag) => after(flag, "from"))
      : keyword === "RUN"
        ? flags
            .flatMap((flag) => after(flag, "mount"))
            .flatMap(csvFields)
            .flatMap((field) => after(field, "from"))
        : [];
  const path = `${prefix}${keyword === "RUN" ? "RUN --mount from" : "COPY --from"}`;
  return words.map((word) =>
    word.text.includes("$")
      ? {
          path,
          word,
          image: { problem: "is named by a variable, which the build does not fill in there" },
          fix: fixes.copy,
        }
      : { path, word, image: word, fix: fixes.word },
  );
}

function after(option: Traced, name: string): readonly Traced[] {
  const equals = option.text.indexOf("=");
  if (equals === -1 || option.text.slice(0, equals).toLowerCase() !== name) return [];
  return option.text.length === equals + 1 ? [] : [part(option, equals + 1)];
}
