import type { Digest, ImageState, ReferenceForm } from "../images";
import type { Unreadable } from "../resources";
import type { Ignore } from "./ignore";

/** A replacement in a text. Offsets count UTF-16 units from 0; `end` is behind the last one. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An image reference in a text file, and where it stands. */
export interface LocatedImage {
  /** What it is called there: `services.web.image`, `FROM`, `jobs.test.container`. */
  readonly path: string;
  /** Where it begins, from one; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly state: ImageState | Unreadable;
  /** The form that its consumer takes. */
  readonly form: ReferenceForm;
  /** Set where the text only looks like an image: fit for advice, never for a refusal, and never rewritten. */
  readonly advice?: true;
  /** Why no digest can be put there, and what to do instead; left out where one can. */
  readonly fixed?: { readonly reason: string; readonly fix: string };
  /** A comment there that asks to leave it alone. Whether it may is not for a format to say. */
  readonly ignore?: Ignore;
  /**
   * The edits that pin it to a digest, in a form that is never stricter than its own. Empty when it has that digest already.
   * They touch nothing but the reference, and applying them twice changes nothing.
   */
  edits(digest: Digest, form?: ReferenceForm): readonly TextEdit[];
}

/** What a format may ask about the world around a file. */
export interface SourceContext {
  /** The file's path, with forward slashes, relative to where the search began. */
  readonly path: string;
  /** The text of a file named in this one (`extends`, `.env`, a values file), relative to this one; undefined when there is none. */
  beside(path: string): string | undefined;
  /** Variables from outside (the environment), for formats that interpolate them. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** One format of files: knows its own by name and content, and finds the images in them. */
export interface SourceFormat {
  /** `compose`, `dockerfile`, `github`, … as reports say it. */
  readonly name: string;
  /** Whether a file is of this format. `text` reads it, and is called only where the name does not tell. */
  claims(path: string, text: () => string): boolean;
  /**
   * Every image of the file, in the order of the text. What cannot be read is found as unreadable, at its place; never throws for
   * hostile text, and takes bounded time.
   */
  read(text: string, context: SourceContext): readonly LocatedImage[];
}
