import type { Digest } from "../images";
import { fixOf } from "../pinning";
import { SignatureError, type DigestReference, type SignatureErrorCode, type Verified } from "../signatures";
import { exitCodes, type ExitCode } from "./exit-codes";
import { exitCodeOf } from "./failure";
import type { Target } from "./verify-targets";

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
export interface UndemandedAnswer {
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

/** What keeps a verified image from being recorded as was asked; `missing`: it could be, if the lock had the image. */
type Unrecorded = "missing" | "long";

export function unrecorded({ recorded, verified }: SignedAnswer): Unrecorded | undefined {
  if (recorded === undefined || recorded.length > 0) return undefined;
  return verified.evidence === undefined ? "long" : "missing";
}

/** What to do, with the image's own name in the command, and in the registry's words where that gave no answer. */
export function fixFor(error: SignatureError, name: string): string {
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
