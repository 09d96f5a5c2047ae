import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { exitCodes } from "../../cli/exit-codes";
import { exitCodeFor, type SignedAnswer } from "../../cli/verify-answer";
import { answerJson } from "../../cli/verify-json";
import { answerText, failedText } from "../../cli/verify-text";
import { parseDigest, parseImageReference } from "../../images";
import { RegistryError } from "../../registry";
import { SignatureError, type SignatureErrorCode, type Verified } from "../../signatures";

const digest = parseDigest(`sha256:${"a".repeat(64)}`);
const name = `ghcr.io/acme/api:2.3@${digest}`;
const image = { ...parseImageReference(name), digest };
const workflow = "https://github.com/acme/api/.github/workflows/release.yml@refs/tags/v2.3";
const issuer = "https://token.actions.githubusercontent.com";
const signedAt = new Date("2026-11-20T10:00:00.500Z");

function signed(verified: Partial<Verified>, more: Partial<SignedAnswer> = {}): SignedAnswer {
  const target = { image: name, reference: image, digest, digestFrom: "reference" as const };
  const whole = { signers: [], platforms: [], ...verified };
  return { outcome: "signed", target, name, image, verified: whole, isKept: false, ...more };
}

function said(answer: SignedAnswer): string {
  return answerText(answer, "images.lock.json", (style, text) => `<${style}>${text}</>`);
}

describe("cli/verify-answer", () => {
  // what was verified → the lines behind the first
  const table: readonly (readonly [answer: SignedAnswer, lines: readonly string[]])[] = [
    [
      signed({ signers: [{ how: "identity", subject: workflow, issuer, signedAt }] }),
      [`by ${workflow} (${issuer}) at 2026-11-20T10:00:00Z`],
    ],
    [
      signed({ signers: [{ how: "key", fingerprint: "SHA256:abc=", signedAt }] }),
      ["by key SHA256:abc= at 2026-11-20T10:00:00Z"],
    ],
    [
      // What stands in a certificate was written by whoever asked for it.
      signed({ signers: [{ how: "identity", subject: "a\u001b[31m\nb", issuer: "\u202ec", signedAt }] }),
      ["by a\\u001b[31m\\u000ab (\\u202ec) at 2026-11-20T10:00:00Z"],
    ],
    [
      signed({ provenance: { predicateType: "https://slsa.dev/provenance/v0.2" } }),
      ["provenance https://slsa.dev/provenance/v0.2: says neither builder nor source"],
    ],
    [
      signed({ provenance: { predicateType: "https://slsa.dev/provenance/v1", source: "a\u0007" } }),
      ["provenance https://slsa.dev/provenance/v1: from a\\u0007"],
    ],
    [signed({ platforms: [{ platform: "a/b\n", image, signers: [] }] }), [`a/b\\u000a ${digest}`]],
    [signed({}, { isKept: true }), ["proven by what images.lock.json keeps; no registry was asked"]],
    [signed({ evidence: "A" }, { recorded: ["x"] }), ["recorded in images.lock.json"]],
    [signed({}, { recorded: [] }), ["not recorded: what proves it is longer than a lock should hold"]],
    [
      signed({ evidence: "A" }, { recorded: [] }),
      [
        "not recorded: images.lock.json does not have it",
        `fix: pinned-images pin --lock images.lock.json ${name}`,
      ],
    ],
  ];
  for (const [answer, lines] of table) {
    it(lines.join("; "), () => {
      const expected = [`${name} <green>signed</>`, ...lines.map((line) => `  ${line}`), ""];
      assert.equal(said(answer), expected.join("\n"));
    });
  }

  it("names the tag that is to be pinned, where nobody did", () => {
    const reference = parseImageReference(`ghcr.io/acme/api@${digest}`);
    const target = { image: name, reference, digest, digestFrom: "reference" as const };
    const answer = signed({ evidence: "A" }, { recorded: [], target });
    assert.ok(said(answer).includes(`ghcr.io/acme/api:<tag>@${digest}\n`));
  });

  // code → how the command ends
  const codes: readonly (readonly [code: SignatureErrorCode, exit: number])[] = [
    ["unsigned", exitCodes.findings],
    ["no-key-fits", exitCodes.findings],
    ["provenance-missing", exitCodes.findings],
    ["too-many", exitCodes.findings],
    ["root-unavailable", exitCodes.unchecked],
    ["root-expired", exitCodes.unchecked],
    ["unanswered", exitCodes.unchecked],
  ];
  for (const [code, exit] of codes) {
    it(`ends with ${exit} for ${code}`, () => {
      const error = new SignatureError({ code, problem: "is bad" });
      assert.equal(exitCodeFor({ outcome: "failed", reference: name, name, digest, error }), exit);
    });
  }

  it("says why in one line and what to do in another, whatever the error says", () => {
    const error = new SignatureError({ code: "unsigned", problem: "is\n\u001b]0;bad" });
    assert.equal(
      failedText({ outcome: "failed", reference: "api", name, digest, error }),
      `"${name}" is\\u000a\\u001b]0;bad\nfix: sign it where it is built: cosign sign ${name}\n`,
    );
  });

  it("says what to do in the registry's words where it gave no answer", () => {
    const cause = new RegistryError({
      ...{ code: "unauthorized", registry: "ghcr.io", repository: "acme/api" },
      ...{ outcome: "answered 401", fix: "log in" },
    });
    const error = new SignatureError({ code: "unanswered", problem: "cannot be verified", cause });
    const answer = { outcome: "failed", reference: name, name, digest, error } as const;
    assert.match(failedText(answer), /\nfix: log in\n$/);
    assert.deepEqual(answerJson(answer), {
      ...{ reference: name, digest, verified: false },
      error: { code: "unanswered", message: "cannot be verified", fix: "log in" },
    });
  });

  it("gives JSON of identities, times and platforms", () => {
    const by = { how: "identity", subject: workflow, issuer, signedAt } as const;
    const answer = signed({ platforms: [{ platform: "linux/amd64", image, signers: [by] }] });
    assert.deepEqual(JSON.parse(JSON.stringify(answerJson(answer))), {
      ...{ reference: name, digest, digestFrom: "reference", verified: true, signers: [] },
      platforms: [
        {
          ...{ platform: "linux/amd64", digest },
          signers: [{ how: "identity", subject: workflow, issuer, signedAt: "2026-11-20T10:00:00Z" }],
        },
      ],
      evidence: "registry",
    });
  });
});
