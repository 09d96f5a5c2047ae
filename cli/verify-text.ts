import { timestamp } from "../lock";
import { quote, visible } from "../report";
import { SignatureError, type Provenance, type Signer, type Verified } from "../signatures";
import { imageFailureText } from "./failure";
import type { painter } from "./paint";
import {
  fixFor,
  unrecorded,
  type FailedAnswer,
  type SignedAnswer,
  type UndemandedAnswer,
} from "./verify-answer";
import type { DigestSource, Target } from "./verify-targets";
import { plain } from "./wording";

/** An image that was verified, or need not be, as people read it. `lock`: the lock's file as they write it. */
export function answerText(
  answer: SignedAnswer | UndemandedAnswer,
  lock: string,
  paint: ReturnType<typeof painter>,
): string {
  if (answer.outcome === "not demanded") {
    return `${plain(answer.target.image)} ${paint("yellow", "needs no signature")}: the settings say so\n`;
  }
  const { target, name, verified, isKept } = answer;
  const lines = [
    ...whichDigest(target, lock),
    ...proofLines(verified),
    ...verified.platforms.flatMap(({ platform, image: child, ...own }) => [
      `${plain(platform)} ${child.digest}`,
      ...proofLines(own).map((line) => `  ${line}`),
    ]),
    ...(isKept ? [`proven by what ${lock} keeps; no registry was asked`] : []),
    ...recordLines(answer, lock),
  ];
  const head = `${name} ${paint("green", "signed")}`;
  return [head, ...lines.map((line) => `  ${line}`), ""].join("\n");
}

function whichDigest({ image, digestFrom }: Target, lock: string): readonly string[] {
  const says: Readonly<Record<DigestSource, readonly string[]>> = {
    reference: [],
    lock: [`the digest that ${lock} has for ${image}`],
    registry: ["the digest that the tag has now"],
  };
  return says[digestFrom];
}

function proofLines({ signers, provenance }: Pick<Verified, "signers" | "provenance">): readonly string[] {
  return [...signers.map(signerText), ...(provenance === undefined ? [] : [provenanceText(provenance)])];
}

function signerText(signer: Signer): string {
  const who =
    signer.how === "key" ? `key ${signer.fingerprint}` : `${plain(signer.subject)} (${plain(signer.issuer)})`;
  return `by ${who}${signer.signedAt === undefined ? "" : ` at ${timestamp(signer.signedAt.getTime())}`}`;
}

function provenanceText({ predicateType, builder, source, ref }: Provenance): string {
  const from =
    source === undefined ? [] : [`from ${plain(source)}${ref === undefined ? "" : ` at ${plain(ref)}`}`];
  const said = [...(builder === undefined ? [] : [`built by ${plain(builder)}`]), ...from];
  return `provenance ${predicateType}: ${said.length === 0 ? "says neither builder nor source" : said.join(", ")}`;
}

function recordLines(answer: SignedAnswer, lock: string): readonly string[] {
  if (answer.recorded === undefined) return [];
  const { reference } = answer.target;
  const tagged = `${reference.name}:${reference.tag ?? "<tag>"}@${answer.image.digest}`;
  switch (unrecorded(answer)) {
    case undefined:
      return [`recorded in ${lock}`];
    case "missing":
      return [`not recorded: ${lock} does not have it`, `fix: pinned-images pin --lock ${lock} ${tagged}`];
    case "long":
      return ["not recorded: what proves it is longer than a lock should hold"];
  }
}

/** Why an image is not verified: one line, and a second with the fix. */
export function failedText({ reference, name = reference, error }: FailedAnswer): string {
  if (!(error instanceof SignatureError)) return `${imageFailureText(name, error)}\n`;
  return `${quote(name)} ${visible(error.message)}\nfix: ${visible(fixFor(error, name))}\n`;
}
