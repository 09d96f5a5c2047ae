import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { pinInputs } from "../../components";
import type { Digest } from "../../images";
import { findImages, pinImagesIn } from "../../resources";
import { fakeRegistryClient } from "../support/fake-registry-client";
import { corpus, corpusDigest } from "../resources/corpus-case";

/** What a program would hand to the engine: everything awaited. */
async function settled(inputs: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    pulumi.output([inputs]).apply(([known]: readonly unknown[]) => {
      resolve(known);
    });
  });
}

/** The same inputs with every object and text known only later, as a program has them that computes everything. */
function asOutputs(value: unknown): unknown {
  if (Array.isArray(value)) return pulumi.output(value.map(asOutputs));
  if (typeof value !== "object" || value === null) return Promise.resolve(value);
  return pulumi.output(mapped(value));
}

function mapped(value: object): object {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asOutputs(inner)]));
}

/** Every reference of a resource with the corpus's digest. */
function digests(token: string, properties: object): Record<string, Digest> {
  const references = findImages(token, properties).flatMap(({ state }) =>
    state.kind === "tag" || state.kind === "untagged" ? [state.reference.toString()] : [],
  );
  return Object.fromEntries(references.map((reference) => [reference, corpusDigest]));
}

describe("pinInputs over the corpus", () => {
  // A program that names a malformed image fails; that is tested beside.
  const cases = corpus.filter(({ found }) => !found.some((line) => line.includes(" malformed ")));

  for (const { provider, name, token, properties } of cases) {
    it(`pins ${provider}/${name} as rewriting in place does`, async () => {
      const registry = fakeRegistryClient(digests(token, properties));
      const expected = structuredClone(properties);
      pinImagesIn(token, expected, () => corpusDigest);

      assert.deepEqual(await settled(pinInputs(token, "it", properties, { registry })), expected);
      assert.deepEqual(await settled(pinInputs(token, "it", mapped(properties), { registry })), expected);
    });
  }
});
