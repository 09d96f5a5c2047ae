import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseDigest, type Digest } from "../../images";
import type { LocatedImage, SourceContext, TextEdit } from "../../sources";
import { fixture } from "../support/paths";

/** An input with what is to be found in it, and what it is when every image is pinned. */
export interface FixtureCase {
  readonly name: string;
  readonly input: string;
  readonly context: SourceContext;
  /** Each image as {@link summary} gives it. */
  readonly expected: unknown;
  readonly pinned: string;
}

interface Around {
  readonly path?: string;
  readonly beside?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** The cases of a format: `web.yaml` beside `web.yaml.expected.json` and `web.yaml.pinned`; `web.yaml.around.json` says what lies around it. */
export function fixtureCases(format: string): readonly FixtureCase[] {
  return readdirSync(fixture("sources", format))
    .filter((name) => !/\.(?:expected\.json|pinned|around\.json)$/.test(name))
    .sort()
    .map((name) => {
      // Dockerfiles are told by their name alone: `web.Dockerfile` beside `web.pinned`.
      const base = name.replace(/\.Dockerfile$/, "");
      const read = (ending: string): string =>
        readFileSync(fixture("sources", format, `${ending === "" ? name : base}${ending}`), "utf8");
      const around = existsSync(fixture("sources", format, `${name}.around.json`))
        ? (JSON.parse(read(".around.json")) as Around)
        : {};
      return {
        name,
        input: read(""),
        context: contextOf(around, name),
        expected: JSON.parse(read(".expected.json")) as unknown,
        pinned: read(".pinned"),
      };
    });
}

export function contextOf({ path, beside = {}, variables }: Around, name = "file.yaml"): SourceContext {
  const files = new Map(Object.entries(beside));
  return {
    path: path ?? name,
    beside: (other) => files.get(posix.normalize(other)),
    ...(variables === undefined ? {} : { variables }),
  };
}

/** A located image as the fixtures write it. */
export function summary(image: LocatedImage): unknown {
  const { path, line, column, endLine, endColumn, state, form, advice, fixed, ignore } = image;
  return {
    path,
    at: `${line}:${column}-${endLine}:${endColumn}`,
    [state.kind]: "text" in state ? state.text : "problem" in state ? state.problem : "",
    ...(form === "digest" ? { form } : {}),
    ...(advice && { advice }),
    ...(fixed && { fixed: `${fixed.reason}; ${fixed.fix}` }),
    ...(ignore && { ignore }),
  };
}

/** The digest that a test gives to a name and tag: always the same one. */
export function digestFor(image: LocatedImage): Digest {
  const { state } = image;
  const name =
    "reference" in state ? `${state.reference.name}:${state.reference.tag ?? "latest"}` : state.kind;
  return parseDigest(`sha256:${createHash("sha256").update(name).digest("hex")}`);
}

/** The text with every image pinned that can be; an image with a digest keeps it. */
export function pinnedText(text: string, images: readonly LocatedImage[]): string {
  const edits = images.flatMap((image) =>
    image.edits(image.state.kind === "digest" ? image.state.digest : digestFor(image)),
  );
  return applied(text, edits);
}

/** The text with the edits made; the same edit twice counts once, and edits that touch each other are a mistake. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  const distinct = new Map(edits.map((edit) => [JSON.stringify(edit), edit]));
  let [result, from] = [text, Infinity];
  for (const { start, end, text: put } of [...distinct.values()].sort((a, b) => b.start - a.start)) {
    if (end > from) throw new Error(`two edits meet at ${from}`);
    result = result.slice(0, start) + put + result.slice(end);
    from = start;
  }
  return result;
}
