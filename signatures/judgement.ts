import { parseImageReference, type DigestReference } from "../images";
import { quote } from "../report";
import type { Beside } from "./beside";
import { checkSigner, type RootReader } from "./check";
import { SignatureError, type SignatureErrorCode } from "./error";
import type { Signed } from "./signed";
import type { Claim } from "./statement";
import {
  signerName,
  type Provenance,
  type ProvenanceRule,
  type Signer,
  type TextPattern,
  type TrustRule,
} from "./trust";

/**
 * Which of several failures is told: the one that came nearest to being verified, since it is the one to mend. What nobody has
 * looked at may be nearer than what somebody has.
 */
const nearestFirst: readonly SignatureErrorCode[] = [
  "provenance-ref",
  "provenance-source",
  "provenance-builder",
  "other-repository",
  "other-digest",
  "root-expired",
  "root-unavailable",
  "unanswered",
  "too-many",
  "wrong-issuer",
  "untrusted-identity",
  "bad-signature",
  "log-mismatch",
  "log-untrusted",
  "log-missing",
  "timestamp-untrusted",
  "certificate-unlogged",
  "certificate-expired",
  "certificate-untrusted",
  "untrusted-key",
  "no-key-fits",
  "too-large",
  "unreadable",
];

/** What the signatures of one image add up to, taken one after the other. */
export class Judgement {
  readonly #signers = new Map<string, Signer>();
  readonly #proof: Signed[] = [];
  readonly #failures: SignatureError[] = [];
  #provenance: Provenance | undefined;

  constructor(
    private readonly image: DigestReference,
    private readonly rule: TrustRule,
    private readonly root: RootReader,
  ) {}

  /** Whether nothing more is needed. */
  get isEnough(): boolean {
    return (
      this.#signers.size >= this.rule.atLeast &&
      (this.rule.provenance === undefined || this.#provenance !== undefined)
    );
  }

  get signers(): readonly Signer[] {
    return [...this.#signers.values()];
  }

  get provenance(): Provenance | undefined {
    return this.#provenance;
  }

  /** What was needed, without what was looked at in vain. */
  get proof(): readonly Signed[] {
    return this.#proof;
  }

  async take(beside: Beside): Promise<void> {
    try {
      if (beside instanceof SignatureError) throw beside;
      await this.#judge(beside);
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      this.#failures.push(error);
    }
  }

  async #judge(signed: Signed): Promise<void> {
    const { claim } = signed;
    const wanted =
      claim.kind === "signature" || (claim.kind === "provenance" && this.rule.provenance !== undefined);
    if (!wanted) return;
    const signer = await checkSigner(signed, this.rule, this.root);
    checkClaim(claim, this.image, this.rule);
    const one = countedAs(signer);
    const isNews = !this.#signers.has(one) || claim.provenance !== undefined;
    // Whoever signs where it came from has signed the image, even if it came from elsewhere than it should.
    if (!this.#signers.has(one)) this.#signers.set(one, signer);
    if (isNews) this.#proof.push(signed);
    if (claim.provenance === undefined || this.rule.provenance === undefined) return;
    checkProvenance(claim.provenance, this.rule.provenance);
    this.#provenance ??= claim.provenance;
  }

  /** Why it is not enough, once there is nothing more to take. */
  failure(): SignatureError {
    const failures = this.#failures.toSorted(
      (a, b) => nearestFirst.indexOf(a.code) - nearestFirst.indexOf(b.code),
    );
    const [nearest] = failures;
    if (this.#signers.size === 0)
      return nearest ?? new SignatureError({ code: "unsigned", problem: "is signed by nobody" });
    if (this.#signers.size < this.rule.atLeast) {
      const names = this.signers.map(signerName).join(", ");
      const problem = `is signed by ${this.#signers.size} of the trusted (${names}); ${this.rule.atLeast} are demanded`;
      return new SignatureError({ code: "too-few-signers", problem, cause: nearest });
    }
    if (nearest?.code.startsWith("provenance-") === true) return nearest;
    const problem = "is signed, and nobody who is trusted says where it was built";
    return new SignatureError({ code: "provenance-missing", problem, cause: nearest });
  }
}

/** A workflow is one signer, at whatever branch or tag it ran: `https://…/release.yml@refs/tags/v1`. */
function countedAs(signer: Signer): string {
  if (signer.how === "key") return signer.fingerprint;
  const { subject, issuer } = signer;
  const path = subject.startsWith("https://") ? subject.indexOf("/", "https://".length) : -1;
  const at = path === -1 ? -1 : subject.indexOf("@", path);
  return `${at === -1 ? subject : subject.slice(0, at)} (${issuer})`;
}

function checkClaim({ subjects }: Claim, image: DigestReference, rule: TrustRule): void {
  const about = subjects.filter(({ digest }) => digest === image.digest);
  if (about.length === 0) {
    const problem = `has a good signature of another image (${quote(subjects[0]?.digest ?? "")})`;
    throw new SignatureError({ code: "other-digest", problem });
  }
  if (!rule.sameRepository) return;
  const own = `${image.registry}/${image.repository}`;
  const names = about.flatMap(({ repository }) => (repository === undefined ? [] : [repository]));
  if (names.some((name) => normalised(name) === own)) return;
  const [other] = names;
  const problem =
    other === undefined
      ? `has a signature that does not say for which repository; ${own} is demanded`
      : `has a good signature that was made for ${quote(other)}, not for ${own}`;
  throw new SignatureError({ code: "other-repository", problem });
}

/** cosign writes `index.docker.io/library/nginx`, and a tag or digest where it was given one. */
function normalised(repository: string): string | undefined {
  try {
    const { registry, repository: path } = parseImageReference(repository);
    return `${registry}/${path}`;
  } catch {
    return undefined;
  }
}

function checkProvenance(said: Provenance, { builders, sources, refs }: ProvenanceRule): void {
  demand("provenance-builder", "was built by", said.builder, builders);
  demand("provenance-source", "was built from", said.source, sources);
  demand("provenance-ref", "was built from the ref", said.ref, refs);
}

function demand(
  code: SignatureErrorCode,
  what: string,
  said: string | undefined,
  patterns: readonly TextPattern[],
): void {
  if (patterns.length === 0 || (said !== undefined && patterns.some(({ matches }) => matches(said)))) return;
  const found =
    said === undefined ? `has provenance that does not say what it ${what}` : `${what} ${quote(said)}`;
  const problem = `${found}; trusted: ${patterns.map(({ text }) => text).join(", ")}`;
  throw new SignatureError({ code, problem });
}
