import assert from "node:assert/strict";
import { imageRegistryAllowed } from "../../policies/image-registry-allowed";
import { contextOf, hex, imageOf, linesOf } from "./support";

const registries = ["ghcr.io/acme", "docker.io/library"];

const cases: readonly (readonly [text: string, problem: string | undefined])[] = [
  ["nginx:1", undefined],
  ["ghcr.io/acme/api", undefined],
  [`ghcr.io/acme/team/api@sha256:${hex}`, undefined],
  ["acme/nginx", "comes from docker.io; allowed: ghcr.io/acme, docker.io/library"],
  [
    "ghcr.io.example.com/acme/api",
    "comes from ghcr.io.example.com; allowed: ghcr.io/acme, docker.io/library",
  ],
  // What has no registry that could be read is image-pinned-by-digest's to report.
  ["Nginx", undefined],
  [`sha256:${hex}`, undefined],
];

describe("image-registry-allowed", () => {
  for (const [text, problem] of cases) {
    it(`${problem === undefined ? "lets pass" : "reports"} ${text.slice(0, 40)}`, async () => {
      const lines = await linesOf(imageRegistryAllowed.check(imageOf(text), contextOf({ registries })));
      const first = problem === undefined ? undefined : `spec.containers[0].image: "${text}" ${problem}`;
      assert.equal(lines?.[0], first);
    });
  }

  it("allows nothing when nothing is listed, and gives the entry to add", async () => {
    const lines = await linesOf(imageRegistryAllowed.check(imageOf("ghcr.io/acme/team/api:1"), contextOf()));
    assert.match(lines?.[0] ?? "", /allowed: none, no registry is listed$/);
    assert.match(lines?.[2] ?? "", /"settings": \{ "registries": \["ghcr\.io\/acme\/team"\] \}$/);
  });
});
