import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { createWorkplace, type Workplace } from "../support/command-line";
import { copyFile } from "node:fs/promises";
import { fixture } from "../support/paths";

describe("the command line's colours", () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await createWorkplace();
    await copyFile(fixture("audit", "images.lock.json"), place.path("images.lock.json"));
  });

  afterEach(async () => {
    await place.remove();
  });

  // variables → whether a pipe gets colours
  const table: readonly (readonly [environment: Record<string, string>, coloured: boolean])[] = [
    [{}, false],
    [{ FORCE_COLOR: "1" }, true],
    [{ NO_COLOR: "1" }, false],
  ];
  for (const [environment, coloured] of table) {
    it(`${coloured ? "are" : "are not"} in a pipe with ${JSON.stringify(environment)}`, async () => {
      const { stdout } = await place.spawn(["audit"], { environment });
      assert.equal(stdout.includes("\u001b["), coloured);
    });
  }
});
