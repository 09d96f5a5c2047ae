import assert from "node:assert/strict";
import { DockerfileParser, type Line } from "dockerfile-ast";
import { parse as parseJsonc } from "jsonc-parser";
import { parseAllDocuments, type Document } from "yaml";
import { allFormats, type LocatedImage } from "../../sources";
import { applied, digestFor, fixtureCases, pinnedText } from "./fixture-case";

/** The values of a file by where they stand, as a library reads them that the formats do not use for it, or not so. */
type Value = string | number | boolean | null;
type Values = ReadonlyMap<string, Value>;

type Range = ReturnType<Line["getRange"]>;

const digestPattern = /(?:sha256:)?[0-9a-f]{64}/;

describe("sources: beside another parser", () => {
  for (const format of allFormats) {
    for (const { name, input, context } of fixtureCases(format.name)) {
      const values = (text: string): Values => valuesOf(format.name, text);

      it(`finds nothing changed in ${format.name}/${name} but what was pinned`, () => {
        const before = values(input);
        const images = format.read(input, context);
        const changed = new Set<string>();
        for (const image of images) {
          const edits = image.edits(digestOf(image));
          if (edits.length === 0) continue;
          const after = values(applied(input, edits));
          const places = difference(before, after);
          assert.ok(
            places.length > 0 || pinnedText(input, [image]) === input,
            `${image.path} changes nothing`,
          );
          for (const place of places) {
            changed.add(place);
            holds(image, before.get(place), after.get(place), place);
          }
        }
        assert.deepEqual(new Set(difference(before, values(pinnedText(input, images)))), changed);
      });
    }
  }
});

function digestOf(image: LocatedImage): ReturnType<typeof digestFor> {
  return image.state.kind === "digest" ? image.state.digest : digestFor(image);
}

/** The places whose values are not the same in both; none may be gone. */
function difference(before: Values, after: Values): readonly string[] {
  for (const place of before.keys()) assert.ok(after.has(place), `${place} is gone`);
  return [...after].filter(([place, value]) => !Object.is(before.get(place), value)).map(([place]) => place);
}

/** A value that was changed holds the digest, and is what it was beside it. */
function holds(
  image: LocatedImage,
  before: Value | undefined,
  after: Value | undefined,
  place: string,
): void {
  assert.ok(typeof after === "string", place);
  const { form, state } = image;
  // A consumer that refuses a tag beside the digest has its tag emptied.
  if (after === "" && form === "digest" && "reference" in state && place.endsWith("/tag")) {
    assert.equal(String(before), state.reference.tag, place);
    return;
  }
  const digest = digestOf(image);
  assert.ok(after.includes(digest.slice(digest.indexOf(":") + 1)), place);
  if (
    before === undefined ||
    before === null ||
    before === "" ||
    digestPattern.exec(String(before))?.index === 0
  ) {
    assert.match(place, /(?:digest|sha)$/, "a new field");
    assert.ok(after === digest || `sha256:${after}` === digest, place);
    return;
  }
  assert.equal(withoutDigests(after, image), withoutDigests(String(before), image), place);
}

/** A text without its digests, those in fields of their own included, and without the tag where that is taken away. */
function withoutDigests(text: string, { form, state }: LocatedImage): string {
  const bare = text
    .replace(/(?:^|\n) *"?(?:digest|sha)"?: *["']?(?:sha256:)?[0-9a-f]{64}["']?/g, "")
    .replace(/, *["']?(?:digest|sha)["']?: *["']?(?:sha256:)?[0-9a-f]{64}["']?/g, "")
    .replace(/@sha256:[0-9a-f]{64}/g, "")
    .replace(/((?:digest|sha)["']?: *["']?)(?:sha256:)?[0-9a-f]{64}/g, "$1");
  const tag = "reference" in state ? state.reference.tag : undefined;
  return form === "digest" && tag !== undefined ? bare.replaceAll(`:${tag}`, "") : bare;
}

function valuesOf(format: string, text: string): Values {
  const found = new Map<string, Value>();
  const add = (value: unknown, place: string): void => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      found.set(place, value);
    else if (typeof value !== "object" || value === null) found.set(place, null);
    else for (const [key, inner] of Object.entries(value)) add(inner, `${place}/${key}`);
  };
  if (format === "devcontainer") add(parseJsonc(text.replace(/^\uFEFF/, "")), "");
  else if (format === "dockerfile") addDockerfile(text, add);
  else {
    parseAllDocuments(text, { merge: true, uniqueKeys: false, logLevel: "silent" }).forEach(
      (document, index) => {
        add(documentValue(text, document), String(index));
      },
    );
  }
  return found;
}

/** A document that is none is its own text: nothing in it may change. */
function documentValue(text: string, document: Document.Parsed): unknown {
  if (document.errors.length > 0) return text.slice(document.range[0], document.range[1]);
  try {
    return document.toJS({ maxAliasCount: 1_000 });
  } catch {
    return text.slice(document.range[0], document.range[1]);
  }
}

function addDockerfile(text: string, add: (value: unknown, place: string) => void): void {
  const file = DockerfileParser.parse(text);
  const lines = text.split("\n");
  const written = ({ start, end }: Range): string =>
    lines
      .slice(start.line, end.line + 1)
      .map((line, index) =>
        line.slice(
          index === 0 ? start.character : 0,
          index === end.line - start.line ? end.character : undefined,
        ),
      )
      .join("\n");
  const parts = [...file.getDirectives(), ...file.getInstructions(), ...file.getComments()];
  parts.forEach((part, index) => {
    add(written(part.getRange()), String(index));
  });
}
