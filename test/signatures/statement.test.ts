import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { SignatureError } from "../../signatures";
import { readSimpleSigning, readStatement } from "../../signatures/statement";
import { signPredicate, simpleSigning } from "../support/sigstore";

const hex = "a".repeat(64);
const digest = `sha256:${hex}`;
const repository = "ghcr.io/acme/api";

function statement(more: object = {}): Buffer {
  const subject = [{ name: repository, digest: { sha256: hex } }];
  return bytes({ _type: "https://in-toto.io/Statement/v1", subject, predicateType: signPredicate, ...more });
}

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

const unreadable = (error: unknown): boolean =>
  error instanceof SignatureError && error.code === "unreadable";

describe("signatures/statement", () => {
  const good: readonly (readonly [string, Buffer, object])[] = [
    ["a signature", statement(), { kind: "signature", subjects: [{ digest, repository }] }],
    [
      "a statement of version 0.1",
      statement({ _type: "https://in-toto.io/Statement/v0.1" }),
      { kind: "signature", subjects: [{ digest, repository }] },
    ],
    [
      "what is in it",
      statement({ predicateType: "https://spdx.dev/Document" }),
      { kind: "attestation", subjects: [{ digest, repository }] },
    ],
    [
      "provenance that says nothing",
      statement({ predicateType: "https://slsa.dev/provenance/v1" }),
      {
        kind: "provenance",
        subjects: [{ digest, repository }],
        provenance: { predicateType: "https://slsa.dev/provenance/v1" },
      },
    ],
    [
      "an image without a name",
      statement({ subject: [{ digest: { sha256: hex } }] }),
      { kind: "signature", subjects: [{ digest }] },
    ],
    [
      "an empty name",
      statement({ subject: [{ name: "", digest: { sha256: hex } }] }),
      { kind: "signature", subjects: [{ digest }] },
    ],
    [
      "two images, each with its own name",
      statement({
        subject: [
          { name: repository, digest: { sha256: "b".repeat(64) } },
          { digest: { sha256: hex, sha512: "c" } },
        ],
      }),
      {
        kind: "signature",
        subjects: [{ digest: `sha256:${"b".repeat(64)}`, repository }, { digest }, { digest: "sha512:c" }],
      },
    ],
    ["no image", statement({ subject: [] }), { kind: "signature", subjects: [] }],
    [
      "names of prototypes for algorithms",
      Buffer.from(statement().toString().replace('"sha256"', '"__proto__":"x","constructor":"y","sha256"')),
      { kind: "signature", subjects: [{ digest, repository }] },
    ],
  ];
  for (const [what, payload, claim] of good) {
    it(`reads ${what}`, () => {
      assert.deepEqual(readStatement(payload), claim);
    });
  }

  const bad: readonly (readonly [string, Buffer])[] = [
    ["no JSON", Buffer.from("x")],
    ["nothing", Buffer.alloc(0)],
    ["another type", statement({ _type: "https://in-toto.io/Statement/v2" })],
    ["no subjects", statement({ subject: undefined })],
    ["a digest that is a text", statement({ subject: [{ digest: hex }] })],
    ["a digest that is a number", statement({ subject: [{ digest: { sha256: 1 } }] })],
    ["no predicate type", statement({ predicateType: undefined })],
    [
      "more subjects than any build has",
      statement({ subject: Array.from({ length: 10_001 }, () => ({ digest: {} })) }),
    ],
    ["a hundred thousand brackets", Buffer.from("[".repeat(100_000))],
  ];
  for (const [what, payload] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readStatement(payload), unreadable);
    });
  }

  it("quotes a hostile name in its error", () => {
    const hostile = statement({ subject: [{ digest: { "\u001b[2Jx\u202e": 1 } }] });
    assert.throws(
      () => readStatement(hostile),
      (error: unknown) => error instanceof SignatureError && !/[\p{Cc}\p{Cf}]/u.test(error.message),
    );
  });

  it("reads cosign's payload", () => {
    assert.deepEqual(readSimpleSigning(simpleSigning(digest, repository)), {
      kind: "signature",
      subjects: [{ digest, repository }],
    });
  });

  for (const [what, from, to] of [
    ["of another type", "cosign container image signature", "atomic container signature"],
    ["without a digest", "docker-manifest-digest", "digest"],
    ["without a repository", "docker-reference", "reference"],
  ] as const) {
    it(`refuses a payload ${what}`, () => {
      const payload = Buffer.from(simpleSigning(digest, repository).toString().replace(from, to));
      assert.throws(() => readSimpleSigning(payload), unreadable);
    });
  }

  it("ends in a claim or in our error, whatever the payload is", () => {
    const one = fc.oneof(fc.json(), fc.string(), fc.constant(statement().toString()));
    fc.assert(
      fc.property(one, fc.nat(), fc.string({ maxLength: 3 }), (text, at, put) => {
        const mutated = Buffer.from(
          text.slice(0, at % (text.length + 1)) + put + text.slice(at % (text.length + 1)),
        );
        for (const read of [readStatement, readSimpleSigning]) {
          try {
            read(mutated);
          } catch (error) {
            assert.ok(unreadable(error));
          }
        }
      }),
    );
  });
});
