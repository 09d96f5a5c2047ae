import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { allFormats } from "../../sources";
import { fixture } from "../support/paths";
import { fixtureCases, pinnedText, summary } from "./fixture-case";

const mark = "\uFEFF";
/** Those of Dockerfiles are named otherwise, and have a test of their own. */
const formats = readdirSync(fixture("sources"))
  .filter((name) => name !== "dockerfile")
  .sort();

function formatNamed(name: string): (typeof allFormats)[number] {
  const format = allFormats.find((candidate) => candidate.name === name);
  assert.ok(format, `there is no format "${name}"`);
  return format;
}

for (const name of formats.filter((folder) => allFormats.some((format) => format.name === folder))) {
  describe(`sources: ${name}`, () => {
    const format = formatNamed(name);

    for (const { name: file, input, context, expected, pinned } of fixtureCases(name)) {
      it(`reads and pins ${file}`, () => {
        const images = format.read(input, context);
        assert.deepEqual(images.map(summary), expected);
        assert.equal(pinnedText(input, images), pinned);
      });

      it(`changes nothing the second time in ${file}`, () => {
        assert.equal(pinnedText(pinned, format.read(pinned, context)), pinned);
      });

      it(`keeps the line endings and the byte-order mark of ${file}`, () => {
        const windows = (text: string): string => text.replace(/\n/g, "\r\n");
        const text = windows(input);
        assert.equal(pinnedText(text, format.read(text, context)), windows(pinned));
        const marked = mark + input;
        const images = format.read(marked, context);
        assert.equal(pinnedText(marked, images), mark + pinned);
        assert.deepEqual(images.map(summary), expected);
      });

      it(`claims ${file}`, () => {
        const claimed = allFormats.find((candidate) => candidate.claims(context.path, () => input));
        assert.equal(claimed?.name, name);
      });
    }
  });
}
