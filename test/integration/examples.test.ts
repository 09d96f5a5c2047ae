// The examples that come as they were and as they are, in the real engine with the pack attached (registries and provider plugins
// are stand-ins).
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { readFile } from "node:fs/promises";
import { examples, playExample } from "../../tools/examples";
import {
  deployedImages,
  examplesGuidePath,
  renderExamplesGuide,
  violations,
  type Play,
} from "../../tools/examples-guide";

describe("the examples", function () {
  this.timeout(300_000);
  const plays: Play[] = [];
  before(async () => {
    for (const example of examples) plays.push({ example, played: await playExample(example) });
  });

  for (const [index, { name, images }] of examples.entries()) {
    it(`${name} is blocked as it was, passes as it is, is deployed, and does not change again`, () => {
      const played = plays[index]?.played;
      assert.ok(played !== undefined);
      const { before: was, after, asked, update, again } = played;

      assert.equal(was.exitCode, 1, was.stdout + was.stderr);
      const blocked = violations(was.stdout);
      assert.equal(blocked.length, images.length, was.stdout);
      for (const violation of blocked) {
        assert.match(violation, /image-pinned-by-digest/);
        assert.match(violation, /^ +fix: .*@sha256:[0-9a-f]{64}$/m);
      }

      assert.equal(after.exitCode, 0, after.stdout + after.stderr);
      assert.deepEqual(violations(after.stdout), []);
      assert.equal(deployedImages(played).length, images.length);
      assert.deepEqual(
        asked,
        images.map((image) => `HEAD ${image}`),
      );

      assert.equal(update.exitCode, 0, update.stdout + update.stderr);
      assert.equal(again.exitCode, 0, again.stdout + again.stderr);
      assert.deepEqual(
        again.resources.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn}`),
        [],
      );
    });
  }

  it("are shown in docs/guides/examples.md as they are (npm run readme writes it)", async () => {
    const text = await readFile(examplesGuidePath, "utf8");
    assert.equal(renderExamplesGuide(text, plays), text);
  });
});
