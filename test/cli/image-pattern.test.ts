import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fitsImage } from "../../cli/image-pattern";

// pattern, entry → whether it fits
const table: readonly (readonly [pattern: string, name: string, fits: boolean])[] = [
  ["docker.io/library/nginx:1.27", "docker.io/library/nginx:1.27", true],
  ["nginx:1.27", "docker.io/library/nginx:1.27", true],
  ["nginx:1.27", "docker.io/library/nginx:1.27 linux/arm64", true],
  ["nginx:*", "docker.io/library/nginx:1.27", true],
  ["nginx", "docker.io/library/nginx:1.27", false],
  ["*", "docker.io/library/nginx:1.27", true],
  ["*nginx*", "docker.io/library/nginx:1.27", true],
  ["grafana/*", "docker.io/grafana/grafana:11", true],
  ["library/*", "docker.io/library/nginx:1.27", false],
  ["ghcr.io/acme/*", "ghcr.io/acme/api:2", true],
  ["ghcr.io/acme/*:2", "ghcr.io/acme/team/api:2", true],
  ["ghcr.io/acme/*:2", "ghcr.io/acme/api:2.1", false],
  ["* linux/arm64", "ghcr.io/acme/api:2 linux/arm64", true],
  ["* linux/arm64", "ghcr.io/acme/api:2 linux/amd64", false],
  ["a*a", "a", false],
  ["*.*.*", "quay.io/x:1", false],
  [".*", "quay.io/x:1", false],
  ["", "quay.io/x:1", false],
];

describe("fitsImage", () => {
  for (const [pattern, name, fits] of table) {
    it(`${JSON.stringify(pattern)} ${fits ? "fits" : "does not fit"} ${name}`, () => {
      assert.equal(fitsImage(pattern, name), fits);
    });
  }

  it("does not backtrack", () => {
    const name = `ghcr.io/${"a".repeat(240)}:1`;
    assert.equal(fitsImage(`${"*a".repeat(200)}b`, name), false);
  });
});
