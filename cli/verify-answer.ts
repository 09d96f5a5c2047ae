import type { Digest } from "../images";
import { timestamp } from "../lock";
import { fixOf } from "../pinning";
import { quote, visible } from "../report";
import {
  SignatureError,
  type DigestReference,
  type SignatureErrorCode,
  type Provenance,
  type Signer,
  type Verified,
} from "../signatures";
import { exitCodes, type ExitCode } from "./exit-codes";
import { exitCodeOf, failureJson, imageFailureText } from "./failure";
import type { painter } from "./paint";
import type { DigestSource, Target } from "./verify-targets";
import { plain } from "./wording";

/** What came of one image. */
export type VerifyAnswer = SignedAnswer | UndemandedAnswer | FailedAnswer;

export interface SignedAnswer {
  readonly outcome: "signed";
  readonly target: Target;
  readonly name: string;
  readonly image: DigestReference;
  readonly verified: Verified;
  /** Whether what the lock keeps was enough. */
  readonly isKept: boolean;
  /** The names of the lock's entries that it was written into; missing where that was not asked for. */
  readonly recorded?: readonly string[];
}

/** The settings say that nobody has to sign it. */
interface UndemandedAnswer {
  readonly outcome: "not demanded";
  readonly target: Target;
}

export interface FailedAnswer {
  readonly outcome: "failed";
  /** As it was named. */
  readonly reference: string;
  /** The image by the digest that was asked about, as people write it; missing where nobody knew the digest. */
  readonly name?: string;
  readonly digest?: Digest;
  readonly error: unknown;
}

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
  return `by ${who}${signer.signedAt === undefined ? "" : ` at ${moment(signer.signedAt)}`}`;
}

function provenanceText({ predicateType, builder, source, ref }: Provenance): string {
  const from =
    source === undefined ? [] : [`from ${plain(source)}${ref === undefined ? "" : ` at ${plain(ref)}`}`];
  const said = [...(builder === undefined ? [] : [`built by ${plain(builder)}`]), ...from];
  return `provenance ${predicateType}: ${said.length === 0 ? "says neither builder nor source" : said.join(", ")}`;
}

/** What keeps a verified image from being recorded as was asked; `missing`: it could be, if the lock had the image. */
type Unrecorded = "missing" | "platforms" | "long";

function unrecorded({ recorded, verified }: SignedAnswer): Unrecorded | undefined {
  if (recorded === undefined || recorded.length > 0) return undefined;
  if (verified.evidence !== undefined) return "missing";
  return verified.platforms.length > 0 ? "platforms" : "long";
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
    case "platforms":
      return ["not recorded: its platforms are signed one by one, which a lock does not keep"];
    case "long":
      return ["not recorded: what proves it is longer than a lock should hold"];
  }
}

/** Why an image is not verified: one line, and a second with the fix. */
export function failedText({ reference, name = reference, error }: FailedAnswer): string {
  if (!(error instanceof SignatureError)) return `${imageFailureText(name, error)}\n`;
  return `${quote(name)} ${visible(error.message)}\nfix: ${visible(fixFor(error, name))}\n`;
}

/** What to do, with the image's own name in the command, and in the registry's words where that gave no answer. */
function fixFor(error: SignatureError, name: string): string {
  const fix = (error.code === "unanswered" ? fixOf(error.cause) : undefined) ?? error.fix;
  return fix.replaceAll("<image>@<digest>", () => name);
}

/** Codes of what could not be found out: it may be signed all the same. */
const unanswered: ReadonlySet<SignatureErrorCode> = new Set([
  "unanswered",
  "root-unavailable",
  "root-expired",
]);

/** How the command ends by one answer. */
export function exitCodeFor(answer: VerifyAnswer): ExitCode {
  if (answer.outcome === "not demanded") return exitCodes.clean;
  if (answer.outcome === "signed")
    return unrecorded(answer) === "missing" ? exitCodes.findings : exitCodes.clean;
  const { error } = answer;
  if (!(error instanceof SignatureError)) return exitCodeOf(error);
  return unanswered.has(error.code) ? exitCodes.unchecked : exitCodes.findings;
}

/** An answer as JSON. Stable: tools read it. */
export function answerJson(answer: VerifyAnswer): object {
  if (answer.outcome === "failed") {
    const { reference, name = reference, digest, error } = answer;
    const said = failureJson(error);
    const fix = error instanceof SignatureError ? { fix: fixFor(error, name) } : {};
    return { reference, digest, verified: false, error: { ...said, ...fix } };
  }
  const { image: reference, digestFrom } = answer.target;
  if (answer.outcome === "not demanded") return { reference, verified: false, demanded: false };
  const { image, verified, isKept, recorded } = answer;
  const { signers, provenance, platforms } = verified;
  return {
    ...{ reference, digest: image.digest, digestFrom, verified: true },
    ...{ signers: signers.map(signerJson), provenance },
    platforms: platforms.map(({ platform, image: child, ...own }) => ({
      ...{ platform, digest: child.digest },
      ...{ signers: own.signers.map(signerJson), provenance: own.provenance },
    })),
    ...{ evidence: isKept ? "lock" : "registry", recorded },
  };
}

function signerJson(signer: Signer): object {
  const { signedAt, ...who } = signer;
  return { ...who, signedAt: signedAt === undefined ? undefined : moment(signedAt) };
}

function moment(date: Date): string {
  return timestamp(date.getTime());
}
