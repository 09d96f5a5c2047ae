import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import {
  formatPinned,
  imageState,
  ImageReferenceError,
  parseDigest,
  parseImageReference,
  type ImageReference,
} from "../../images";

const chars = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const upper = lower.toUpperCase();

const component = fc
  .tuple(
    chars(lower + digits, 1, 8),
    fc.array(fc.tuple(fc.constantFrom(".", "_", "__", "-", "--", "---"), chars(lower + digits, 1, 5)), {
      maxLength: 3,
    }),
  )
  .map(([head, tail]) => head + tail.map(([separator, word]) => separator + word).join(""));
const label = fc
  .tuple(chars(lower + upper + digits, 1, 6), fc.constantFrom("", "-", "--"), chars(lower + digits, 1, 3))
  .map((parts) => parts.join(""));
const host = fc
  .tuple(
    fc.oneof(
      fc.constantFrom("localhost", "docker.io", "index.docker.io", "[::1]", "[2001:db8::1]", "192.168.0.1"),
      fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join(".")),
    ),
    fc.option(fc.nat({ max: 65_535 })),
  )
  .map(([name, port]) => (port === null ? name : `${name}:${port}`));
const tag = fc
  .tuple(chars(`${lower}${upper}${digits}_`, 1, 1), chars(`${lower}${upper}${digits}_.-`, 0, 127))
  .map((parts) => parts.join(""));
const digest = fc.oneof(
  chars(`${digits}abcdef`, 64, 64).map((hex) => `sha256:${hex}`),
  chars(`${digits}abcdef`, 128, 128).map((hex) => `sha512:${hex}`),
);
/** A first component with a dot, or `localhost`, would be taken for a host. */
function withoutHost(path: readonly string[]): readonly string[] {
  const [first = "", ...rest] = path;
  return rest.length === 0 || !(first.includes(".") || first === "localhost") ? path : ["acme", ...path];
}

const valid = fc
  .tuple(
    fc.option(host),
    fc.array(component, { minLength: 1, maxLength: 4 }),
    fc.option(tag),
    fc.option(digest),
  )
  .map(
    ([registry, path, tagged, pinned]) =>
      (registry === null ? withoutHost(path) : [registry, ...path]).join("/") +
      (tagged === null ? "" : `:${tagged}`) +
      (pinned === null ? "" : `@${pinned}`),
  );

const alphabet = Array.from("aZ09._-:/@[]+%$ \n{}é😀");
const mutated = fc
  .tuple(valid, fc.nat(), fc.nat({ max: 3 }), fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 3 }))
  .map(([text, position, cut, insert]) => {
    const at = position % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + cut);
  });
const repeated = fc
  .tuple(
    fc.constantFrom(
      "",
      "a",
      "a/",
      "a.b/",
      "[",
      "nginx:",
      "nginx@",
      "nginx@sha256:",
      "nginx@sha256:G",
      "localhost:",
    ),
    fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 2 }),
    fc.integer({ min: 1, max: 20_000 }),
    fc.constantFrom("", "!", "a", "/", "/a", ":", ":1", "@", "]", "\n"),
  )
  .map(([head, unit, length, tail]) => head + unit.repeat(Math.ceil(length / unit.length)) + tail);
const hostile = fc.oneof(
  { arbitrary: fc.string({ unit: "binary", maxLength: 40 }), weight: 20 },
  { arbitrary: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 40 }), weight: 35 },
  { arbitrary: mutated, weight: 35 },
  { arbitrary: repeated, weight: 10 },
);

const parts = ({ registry, repository, tag, digest }: ImageReference) => ({
  registry,
  repository,
  tag,
  digest,
});

/** How long one call takes at best, in milliseconds: a pause of the collector or the scheduler is not the parser's. */
function cost(work: () => unknown): number {
  let best = Infinity;
  for (let attempt = 0; attempt < 4 && best > 5; attempt++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Parses, lets an ImageReferenceError pass, and only that. */
function tryParse(text: string): ImageReference | undefined {
  try {
    return parseImageReference(text);
  } catch (error) {
    if (error instanceof ImageReferenceError) return undefined;
    throw error;
  }
}

describe("properties of image references", function () {
  this.timeout(60_000);

  it("what is written is read back the same", () => {
    fc.assert(
      fc.property(valid, (text) => {
        const reference = parseImageReference(text);
        assert.deepEqual(parts(parseImageReference(reference.toString())), parts(reference));
        assert.equal(reference.original, text);
        assert.ok(text.startsWith(reference.name));
      }),
      { numRuns: 5_000 },
    );
  });

  it("a pinned form is read back with that digest, and its author's name", () => {
    fc.assert(
      fc.property(valid, digest, (text, pin) => {
        const reference = parseImageReference(text);
        const both = parseImageReference(formatPinned(reference, parseDigest(pin)));
        assert.deepEqual(parts(both), { ...parts(reference), digest: pin });
        assert.equal(both.name, reference.name);
        const alone = parseImageReference(formatPinned(reference, parseDigest(pin), "digest"));
        assert.deepEqual(parts(alone), { ...parts(reference), tag: undefined, digest: pin });
      }),
      { numRuns: 5_000 },
    );
  });

  it("100,000 hostile texts: only an ImageReferenceError is thrown, in under 5 ms, and every text has a state", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const milliseconds = cost(() => tryParse(text));
        assert.ok(milliseconds <= 5, `${milliseconds} ms`);
        const reference = tryParse(text);
        if (reference !== undefined) {
          assert.deepEqual(parts(parseImageReference(reference.toString())), parts(reference));
        }
        const stateMilliseconds = cost(() => imageState(text));
        assert.ok(stateMilliseconds <= 5, `${stateMilliseconds} ms for the state`);
      }),
      { numRuns: 100_000 },
    );
  });

  it("20 kB of every repetition costs under 5 ms", () => {
    const units = alphabet.flatMap((first) => [first, ...alphabet.map((second) => first + second)]);
    for (const head of ["", "a", "a.b/", "[", "nginx:", "nginx@", "nginx@sha256:"]) {
      for (const unit of units) {
        const text = `${head}${unit.repeat(20_000 / unit.length)}!`;
        const milliseconds = cost(() => imageState(text));
        assert.ok(milliseconds <= 5, `${JSON.stringify(text.slice(0, 40))} took ${milliseconds} ms`);
      }
    }
  });

  it("a text of ten megabytes is refused too, not a crash", () => {
    for (const unit of ["a", "a-", "-", "a.", "/", ":", "é"]) {
      for (const head of ["", "a.b/", "nginx:", "nginx@", "nginx@sha256:"]) {
        assert.equal(tryParse(head + unit.repeat(10_000_000 / unit.length)), undefined);
      }
      assert.throws(() => parseImageReference(`${unit.repeat(5_000_000)}./a`), ImageReferenceError);
    }
  });
});
