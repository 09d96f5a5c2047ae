import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { imageState, ImageReferenceError, parseDigest, parseImageReference } from "../../images";
import { fixture } from "../support/paths";

interface Vector {
  readonly api: string;
  readonly input: string;
  readonly valid: boolean;
  readonly domain: string | null;
  readonly path: string | null;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** A vector that we answer otherwise on purpose. */
interface Difference {
  readonly api: string;
  readonly input: string;
  readonly ours: string;
  readonly why: string;
}

function read(file: string): string {
  return readFileSync(fixture("references", file), "utf8");
}

const vectors = [
  "distribution_reference.normalized.json",
  "distribution_reference.parse.json",
  "go_digest.json",
].flatMap((file) => (JSON.parse(read(file)) as { readonly vectors: readonly Vector[] }).vectors);
const differences = JSON.parse(read("differences.json")) as readonly Difference[];

/** Our answer in one line, in the notation of differences.json. */
function answer(api: string, input: string): string {
  try {
    if (api === "digest.Parse") return `digest: ${parseDigest(input)}`;
    if (api === "ParseNormalizedNamed") return parseImageReference(input).toString();
  } catch (error) {
    assert.ok(error instanceof ImageReferenceError);
    return `malformed: ${error.code}`;
  }
  const state = imageState(input);
  if (state.kind === "malformed") return `malformed: ${state.error.code}`;
  if (state.kind === "local") return `local: ${state.id}`;
  return "reference" in state ? state.reference.toString() : state.kind;
}

/** Upstream's answer in the same notation; a refusal upstream has no code of ours. */
function upstream(vector: Vector): string {
  if (!vector.valid) return "malformed";
  if (vector.api === "digest.Parse") return `digest: ${vector.input}`;
  const name = [vector.domain, vector.path].filter((part) => part !== null).join("/");
  const tag = vector.tag === null ? "" : `:${vector.tag}`;
  return `${name}${tag}${vector.digest === null ? "" : `@${vector.digest}`}`;
}

function agrees(vector: Vector): boolean {
  const ours = answer(vector.api, vector.input);
  return vector.valid ? ours === upstream(vector) : ours.startsWith("malformed: ");
}

function differenceOf(vector: Vector): Difference | undefined {
  return differences.find(({ api, input }) => api === vector.api && input === vector.input);
}

describe("conformance with distribution/reference and go-digest", () => {
  it("has all the vectors", () => {
    const counts: Record<string, number> = {};
    for (const { api } of vectors) counts[api] = (counts[api] ?? 0) + 1;
    assert.deepEqual(counts, {
      ParseNormalizedNamed: 98,
      ParseAnyReference: 31,
      ParseNamed: 8,
      ParseDockerRef: 11,
      Parse: 60,
      WithName: 15,
      "digest.Parse": 17,
    });
  });

  for (const vector of vectors.filter(({ api }) => api === "ParseNormalizedNamed")) {
    it(`ParseNormalizedNamed ${vector.input.slice(0, 80)}`, () => {
      if (!vector.valid) {
        assert.throws(() => parseImageReference(vector.input), ImageReferenceError);
        return;
      }
      const reference = parseImageReference(vector.input);
      assert.equal(reference.registry, vector.domain);
      assert.equal(reference.repository, vector.path);
      assert.equal(reference.tag, vector.tag ?? undefined);
      assert.equal(reference.digest, vector.digest ?? undefined);
    });
  }

  for (const vector of vectors.filter(({ api }) => api !== "ParseNormalizedNamed")) {
    const difference = differenceOf(vector);
    const title = `${vector.api} ${vector.input.slice(0, 80)}`;
    if (difference === undefined) {
      it(title, () => {
        assert.ok(agrees(vector), `${answer(vector.api, vector.input)}, upstream: ${upstream(vector)}`);
      });
    } else {
      it(`${title} differs: ${difference.why}`, () => {
        assert.equal(answer(vector.api, vector.input), difference.ours);
        assert.ok(!agrees(vector), "this vector agrees; its row in differences.json is stale");
      });
    }
  }

  it("documents no difference twice, none without a vector, and none from ParseNormalizedNamed", () => {
    const keys = differences.map(({ api, input }) => `${api} ${input}`);
    assert.equal(new Set(keys).size, keys.length);
    const known = new Set(vectors.map(({ api, input }) => `${api} ${input}`));
    assert.deepEqual(
      keys.filter((key) => !known.has(key) || key.startsWith("ParseNormalizedNamed ")),
      [],
    );
    assert.ok(differences.every(({ why }) => why !== ""));
  });
});
