import assert from "node:assert/strict";
import { findImages, isPlaceable, pinImagesIn, type FoundImage } from "../../resources";
import { behindPolicyProxy } from "../support/policy-proxy";
import { corpus, corpusDigest, foundLine, pinnedLine } from "./corpus-case";

function isAppended({ path, form, place }: FoundImage): boolean {
  const isEncoded = path.startsWith("siteConfig.linuxFxVersion.services");
  return form === "tag-and-digest" && place?.as !== "digest" && !isEncoded;
}

describe("the corpus of resources", () => {
  for (const { provider, name, about, token, properties, found, pinned } of corpus) {
    describe(`${provider}/${name}: ${about}`, () => {
      it("finds what stands in its file", () => {
        assert.deepEqual(findImages(token, properties).map(foundLine), found);
        assert.deepEqual(findImages(token, behindPolicyProxy(properties)).map(foundLine), found);
      });

      it("pins what can be pinned, once, and touches nothing else", () => {
        const rewritten = structuredClone(properties);
        const first = pinImagesIn(token, behindPolicyProxy(rewritten), () => corpusDigest);
        assert.deepEqual(first.map(pinnedLine), pinned);

        const still = findImages(token, rewritten).filter(
          (image) => isPlaceable(image) && (image.state.kind === "tag" || image.state.kind === "untagged"),
        );
        assert.deepEqual(still, []);
        const once = structuredClone(rewritten);
        assert.deepEqual(
          pinImagesIn(token, rewritten, () => corpusDigest),
          [],
        );
        assert.deepEqual(rewritten, once);
        if (pinned.length === 0) assert.deepEqual(rewritten, properties);
        // Where the digest only came behind the tag, the text without it is what stood there, byte for byte.
        if (first.every(({ found: image }) => isAppended(image))) {
          const without = JSON.stringify(rewritten).replaceAll(`@${corpusDigest}`, "");
          assert.equal(without, JSON.stringify(properties));
        }
      });
    });
  }

  it("covers every provider", () => {
    const counts = new Map<string, number>();
    for (const { provider } of corpus) counts.set(provider, (counts.get(provider) ?? 0) + 1);
    const rows = [...counts].map(([provider, cases]) => `      ${provider.padEnd(20)} ${cases}`);
    console.log([...rows, `      ${"all".padEnd(20)} ${corpus.length}`].join("\n"));
    assert.ok(corpus.length >= 150, `${corpus.length} cases`);
    const others = [...counts.values()].filter((count) => count < 3);
    assert.deepEqual(others, []);
  });
});
