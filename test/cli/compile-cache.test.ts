import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createWorkplace, type Workplace } from "../support/command-line";

describe("the cache of compiled code", () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await createWorkplace();
    await place.write("a-file", "");
  });

  afterEach(async () => {
    await place.remove();
  });

  // what, variables, the folder of the cache within the workplace, whether it is there afterwards
  const table: readonly (readonly [string, Readonly<Record<string, string>>, string, boolean])[] = [
    ["lies in the user's cache", {}, "home/.cache/pulumi-pinned-images", true],
    ["lies where PINNED_IMAGES_CACHE says", { PINNED_IMAGES_CACHE: "own" }, "own", true],
    [
      "is not made with NODE_DISABLE_COMPILE_CACHE",
      { NODE_DISABLE_COMPILE_CACHE: "1" },
      "home/.cache",
      false,
    ],
    ["is done without where it cannot be made", { PINNED_IMAGES_CACHE: "a-file" }, "a-file", false],
  ];
  for (const [what, variables, folder, there] of table) {
    it(what, async () => {
      const own = variables["PINNED_IMAGES_CACHE"];
      const environment = own === undefined ? variables : { PINNED_IMAGES_CACHE: place.path(own) };
      for (const run of ["cold", "warm"]) {
        const { code, stdout, stderr } = await place.spawn(["check", "--offline"], { environment });
        assert.deepEqual([code, stdout, stderr], [0, "0 images in 0 files: nothing found\n", ""], run);
      }
      assert.equal(existsSync(join(place.path(folder), "compiled")), there);
    });
  }

  it("is done without by users who have no home folder", async () => {
    await place.write("no-home.cjs", `require("node:os").homedir = () => { throw new Error("no home"); };`);
    const environment = { NODE_OPTIONS: `--require=${place.path("no-home.cjs")}` };
    const { code, stderr } = await place.spawn(["check", "--offline"], { environment });
    assert.deepEqual([code, stderr], [0, ""]);
  });
});
