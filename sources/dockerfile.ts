import { formatPinned, imageState, type Digest, type ReferenceForm } from "../images";
import { dockerfileNames, type NamedImage } from "../resources/text/dockerfile/names";
import { place } from "../resources/text/dockerfile/traced";
import { writable, type Writable } from "../resources/text/dockerfile/writable";
import type { LocatedImage, SourceFormat, TextEdit } from "./source";
import { TextFile } from "./text-file";

/** `Dockerfile`, `Dockerfile.prod`, `Dockerfile-alpine`, `web.Dockerfile`, and Podman's name for them. */
const fileName = /(?:^|\/)(?:(?:docker|container)file(?:[^a-z/][^/]*)?|[^/]+\.(?:docker|container)file)$/i;
/** What editors and other tools leave beside one. */
const besideOne = /\.(?:(?:docker|container)ignore|md|bak|tmp|orig|rej|swp)$|~$/i;
/** `Dockerfile.go` may be one for a program in Go, and `dockerfile_parser.go` is such a program. */
const language =
  /\.(?:[cm]?[jt]sx?|py|go|rb|rs|java|kt|cs|c|cc|cpp|h|php|lua|swift|scala|pl|sh|ps1|json|ya?ml|toml|xml|html?|css|txt|log|snap)$/i;
/** Comments, then the first instruction: `from x import y` is none. */
const beginning =
  /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:ARG[ \t]+\w|FROM[ \t]+(?:--\S+[ \t]+)*\S+(?:[ \t]+AS[ \t]+\S+)?[ \t]*(?:\\|\r?\n|$))/i;

/** Dockerfiles, known by their name; where that may be a program's, by how they begin. */
export const dockerfile: SourceFormat = {
  name: "dockerfile",
  claims: (path, text) =>
    fileName.test(path) && !besideOne.test(path) && (!language.test(path) || beginning.test(text())),
  read: (text) => dockerfileImages(text),
};

/** Where the text of a Dockerfile stands, when it stands in a file of another format. */
export interface Embedding {
  /** The whole file's text. */
  readonly file: string;
  /** The offset in the file of each of the Dockerfile's UTF-16 units. Where its text is escaped there, they do not lie side by side. */
  readonly at: ArrayLike<number>;
  /** What goes in front of the paths: `services.web.build.dockerfile_inline: `. */
  readonly path: string;
  /** Names that the build gives a meaning of its own (`additional_contexts`). */
  readonly contexts?: ReadonlySet<string>;
}

/**
 * The images that a Dockerfile builds from, in the order of the text: `FROM`, `COPY --from`, `RUN --mount=from=` and the frontend of
 * `# syntax=` (https://docs.docker.com/reference/dockerfile/). `scratch`, stages and named contexts are none. An image that a build
 * argument names is found where its text stands: at the argument's default. Linear in the text.
 *
 * @param embedding makes places and edits those of the file around the text.
 */
export function dockerfileImages(text: string, embedding?: Embedding): readonly LocatedImage[] {
  const file = new TextFile(embedding?.file ?? text);
  const names = dockerfileNames(text, embedding?.contexts ?? new Set());
  const writableOf = writable(names);
  const found = new Map<number, LocatedImage>();
  for (const name of names) {
    const { at } = name.word;
    const inner = ("text" in name.image ? place(name.image) : undefined) ?? {
      start: at[0] ?? 0,
      end: (at.at(-1) ?? -1) + 1,
    };
    const { start, end, whole } = outerRange(inner, embedding);
    // Several stages may be built from one argument.
    if (found.has(start)) continue;
    const state = stateOf(name);
    const reason = reasonOf(state, writableOf(name), whole);
    const fixed = reason === undefined ? undefined : { reason, fix: name.fix };
    const path = `${embedding?.path ?? ""}${name.path}`;
    const ignore = file.ignoreAt({ start, end });
    found.set(start, new DockerfileImage(path, state, { start, end }, file, fixed, ignore));
  }
  return [...found.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Why no digest can be put there: half a sentence; undefined where one can. */
function reasonOf(state: LocatedImage["state"], written: Writable, whole: boolean): string | undefined {
  if (state.kind === "unreadable") return `it ${state.problem}`;
  if ("reason" in written) return written.reason;
  return whole ? undefined : "it is escaped in the file around it";
}

function outerRange(
  { start, end }: { readonly start: number; readonly end: number },
  embedding: Embedding | undefined,
): { start: number; end: number; whole: boolean } {
  if (embedding === undefined) return { start, end, whole: true };
  const first = embedding.at[start] ?? 0;
  const last = embedding.at[Math.max(start, end - 1)] ?? first;
  let whole = true;
  for (let i = start; i < end; i++) whole &&= embedding.at[i] === first + i - start;
  return { start: first, end: last + 1, whole };
}

/** Jinja, Helm, Go and ERB fill files in that are named like a Dockerfile. */
const template = /\{\{|\{%|<%/;

function stateOf({ image, word }: NamedImage): LocatedImage["state"] {
  if (!("text" in image)) return { kind: "unreadable", problem: image.problem };
  if (template.test(word.text)) return { kind: "unreadable", problem: "is filled in by a template" };
  return imageState(image.text);
}

class DockerfileImage implements LocatedImage {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly form = "tag-and-digest";
  declare readonly fixed?: NonNullable<LocatedImage["fixed"]>;
  declare readonly ignore?: NonNullable<LocatedImage["ignore"]>;
  readonly #range: { readonly start: number; readonly end: number };

  constructor(
    readonly path: string,
    readonly state: LocatedImage["state"],
    range: { readonly start: number; readonly end: number },
    file: TextFile,
    fixed: LocatedImage["fixed"],
    ignore: LocatedImage["ignore"],
  ) {
    ({ line: this.line, column: this.column } = file.position(range.start));
    ({ line: this.endLine, column: this.endColumn } = file.position(range.end));
    this.#range = range;
    if (fixed !== undefined) this.fixed = fixed;
    if (ignore !== undefined) this.ignore = ignore;
  }

  edits(digest: Digest, form: ReferenceForm = this.form): readonly TextEdit[] {
    const { state } = this;
    if (this.fixed !== undefined) return [];
    if (state.kind !== "tag" && state.kind !== "untagged" && state.kind !== "digest") return [];
    if (state.kind === "digest" && state.digest === digest) return [];
    return [{ ...this.#range, text: formatPinned(state.reference, digest, form) }];
  }
}
