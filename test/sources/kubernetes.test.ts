import assert from "node:assert/strict";
import { allLocations } from "../../resources";

describe("kubernetes: documents that are passed over", () => {
  it("name no image: each path of the tables says image or package, or is found by a shape that does", () => {
    const paths = allLocations
      .filter(({ tokens }) => tokens.some((token) => token.startsWith("kubernetes:")))
      .flatMap(({ images = [] }) => images.map(({ path }) => path));
    assert.ok(paths.length > 100);
    const others = paths.filter((path) => !/image|package/i.test(path));
    // A chart's values are no manifest.
    assert.deepEqual(others, ["values{helm-values}", "valueYamlFiles[]{helm-file}"]);
  });
});
