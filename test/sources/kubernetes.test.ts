import assert from "node:assert/strict";
import { allLocations } from "../../resources";

describe("kubernetes: documents that are passed over", () => {
  it("name no image: each path of the tables says image or package, or leads to a shape that does", () => {
    const paths = allLocations
      .filter(({ tokens }) => tokens.some((token) => token.startsWith("kubernetes:")))
      .flatMap(({ images = [] }) =>
        images.map(({ path, fields }) => (fields === undefined ? path : `${path}.${fields.name}`)),
      );
    assert.ok(paths.length > 100);
    const others = paths.filter((path) => !/image|package/i.test(path));
    // A chart's values say image or repository, patches, texts and pods name images as manifests do; a file of values is none of a manifest.
    const shapes = new Set(others.map((path) => /\{[a-z]+-[a-z]+\}$/.exec(path)?.[0]));
    assert.deepEqual([...shapes].sort(), [
      "{helm-file}",
      "{helm-parameter}",
      "{helm-values}",
      "{kustomize-patch}",
      "{manifest-text}",
      "{pod-template}",
    ]);
  });
});
