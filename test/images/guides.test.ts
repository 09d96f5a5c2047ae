import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { imageState, ImageReferenceError, parseDigest, type ImageReferenceErrorCode } from "../../images";
import { fixture, projectRoot } from "../support/paths";

interface Found {
  readonly guide: string;
  readonly line: number;
  readonly text: string;
  /** Null for a well-formed digest. */
  readonly code: ImageReferenceErrorCode | null;
  /** How many characters stand behind `sha256:`. */
  readonly characters: number;
}

const rows = JSON.parse(readFileSync(fixture("references", "guides.json"), "utf8")) as readonly Found[];

/** Everything in a text that means to be a digest, with the image before it where there is one. */
function candidates(markdown: string): { line: number; text: string }[] {
  return markdown.split("\n").flatMap((content, index) =>
    [...content.matchAll(/[^\s"'`()|]*sha(?:256|512):[^\s"'`()|]*/g)].map(([text]) => ({
      line: index + 1,
      text,
    })),
  );
}

function checkMessage(error: ImageReferenceError, row: Found): void {
  assert.equal(error.code, row.code);
  assert.match(
    error.message,
    new RegExp(`the digest has ${row.characters} (?:hex )?characters?, sha256 needs 64\\b`),
  );
  assert.equal(error.inDigest, true);
}

describe("digests in published guides", () => {
  it("are in the fixture: 16 well formed, 47 malformed, 9 of those short by one character", () => {
    assert.equal(rows.filter(({ code }) => code === null).length, 16);
    assert.equal(rows.filter(({ code }) => code !== null).length, 47);
    assert.equal(rows.filter(({ characters }) => characters === 63).length, 9);
  });

  for (const row of rows) {
    it(`${row.guide}:${row.line} ${row.text}`, () => {
      const digest = row.text.slice(row.text.indexOf("@") + 1);
      assert.equal(Array.from(digest.slice("sha256:".length)).length, row.characters);
      if (row.code === null) {
        assert.equal(parseDigest(digest), digest);
        return;
      }
      assert.throws(
        () => parseDigest(digest),
        (error) => {
          assert.ok(error instanceof ImageReferenceError);
          checkMessage(error, row);
          return true;
        },
      );
      if (/[^@]@/.test(row.text)) {
        const state = imageState(row.text);
        assert.equal(state.kind, "malformed");
        checkMessage(state.error, row);
      }
    });
  }

  it("are in the fixture without exception, where the guides lie beside the project", function () {
    const folder = join(projectRoot, "..", "shared", "guides");
    if (!existsSync(folder)) {
      if (process.env["CI"] !== "true") this.skip();
      return;
    }
    const found = readdirSync(folder)
      .filter((file) => file.endsWith(".md"))
      .sort()
      .flatMap((guide) =>
        candidates(readFileSync(join(folder, guide), "utf8")).map(({ line, text }) => ({
          guide,
          line,
          text,
        })),
      );
    assert.deepEqual(
      rows.map(({ guide, line, text }) => ({ guide, line, text })),
      found,
    );
  });
});
