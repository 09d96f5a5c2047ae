import { parseImageReference } from "../images";
import type { Beside, DigestReference } from "./beside";
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

/** Which of several failures is told: the one that came nearest to being verified, since it is the one to mend. */
const nearestFirst: readonly SignatureErrorCode[] = [
  "provenance-ref",
  "provenance-source",
  "provenance-builder",
  "other-repository",
  "other-digest",
  "root-expired",
  "root-unavailable",
  "unanswered",
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
  "too-many",
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
    const isNews = !this.#signers.has(signerName(signer)) || claim.provenance !== undefined;
    // Whoever signs where it came from has signed the image, even if it came from elsewhere than it should.
    this.#signers.set(signerName(signer), signer);
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
      const names = [...this.#signers.keys()].join(", ");
      const problem = `is signed by ${this.#signers.size} of the trusted (${names}); ${this.rule.atLeast} are demanded`;
      return new SignatureError({ code: "too-few-signers", problem, cause: nearest });
    }
    if (nearest?.code.startsWith("provenance-") === true) return nearest;
    const problem = "is signed, and nobody who is trusted says where it was built";
    return new SignatureError({ code: "provenance-missing", problem, cause: nearest });
  }
}

function checkClaim({ digests, repository }: Claim, image: DigestReference, rule: TrustRule): void {
  if (!digests.includes(image.digest)) {
    const other = digests[0] ?? "nothing";
    const problem = `has a good signature of another image (${other.slice(0, 80)})`;
    throw new SignatureError({ code: "other-digest", problem });
  }
  if (!rule.sameRepository) return;
  const own = `${image.registry}/${image.repository}`;
  if (repository === undefined) {
    const problem = `has a signature that does not say for which repository; ${own} is demanded`;
    throw new SignatureError({ code: "other-repository", problem });
  }
  if (normalised(repository) === own) return;
  const problem = `has a good signature that was made for ${JSON.stringify(repository.slice(0, 200))}, not for ${own}`;
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
  const found = said === undefined ? "nobody says what" : JSON.stringify(said.slice(0, 200));
  const problem = `${what} ${found}; trusted: ${patterns.map(({ text }) => text).join(", ")}`;
  throw new SignatureError({ code, problem });
}
