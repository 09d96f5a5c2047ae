import type { Digest, ImageReference, Platform } from "../images";
import type { Pin } from "../pinning";
import type { Existence } from "../registry/types";
import type { Finding } from "../report";
import type { FoundImage } from "../resources";
import type { DigestReference, TrustRule } from "../signatures";
import type { Answer } from "./ask";
import type { FoundContainer } from "./containers";
import type { LockAnswer } from "./lock-book";
import type { Settings } from "./settings";
import type { SignatureVerdict } from "./signed";

/** What a policy may ask while it looks at an image. */
export interface PolicyContext {
  readonly settings: Settings;
  /** The digest to offer in a fix line; undefined when nobody could be asked, or nobody knew in time. Never throws. */
  readonly digestFor: (reference: ImageReference) => Promise<Digest | undefined>;
  /** Whether the registry has the image, and for which platforms. Never throws. */
  readonly existence: (reference: ImageReference) => Promise<Answer<Existence>>;
  /** The digest that the stack's own lock, preview and registries give a reference. Never throws. */
  readonly pin: (reference: ImageReference) => Promise<Answer<Pin>>;
  /** What the stack's lock says of a reference. Never throws. */
  readonly locked: (reference: ImageReference) => Promise<LockAnswer>;
  /** The digest that the registry has for the tag now, of one platform's image where that was asked for. Never throws. */
  readonly served: (reference: ImageReference, platform?: Platform) => Promise<Answer<Digest>>;
  /** Whether the image is signed as a rule demands: by what the lock keeps, else by what lies beside the image. Never throws. */
  readonly signed: (image: DigestReference, rule: TrustRule) => Promise<Answer<SignatureVerdict>>;
  readonly now: () => Date;
  /** Whether something is to be said that is said once in a run: true for the first who asks. */
  readonly once: (what: string) => boolean;
}

/** A finding, and whether it only advises, however strict its policy is. */
export interface PolicyFinding extends Finding {
  readonly level?: "advisory";
}

interface Described {
  readonly name: string;
  /** One sentence; the engine prints it as the first line of every violation. */
  readonly description: string;
  /** In the engine, unless its configuration says otherwise. What is disabled there does not run at all. */
  readonly level: "mandatory" | "advisory" | "disabled";
  readonly severity: "low" | "medium" | "high" | "critical";
}

/** An image whose text is known, which may still be unreadable as one. */
export type KnownImage = FoundImage & { readonly state: Exclude<FoundImage["state"], { kind: "unknown" }> };

type Verdict = PolicyFinding | undefined | Promise<PolicyFinding | undefined>;

/**
 * What is demanded of every image, wherever it stands. Those that a preview cannot know yet, and those that an exception
 * covers, never come here; all others do, malformed ones too. Answers at once where there is nothing to say, so that what is pinned costs nothing.
 */
export interface ImagePolicy extends Described {
  readonly over: "images";
  readonly check: (image: KnownImage, context: PolicyContext) => Verdict;
}

/** What is demanded of every container that a resource runs. Exceptions cover it by its image. */
export interface ContainerPolicy extends Described {
  readonly over: "containers";
  check(container: FoundContainer): PolicyFinding | undefined;
}

/** What is demanded of the settings; asked once for each configuration, never excepted. */
export interface SettingsPolicy extends Described {
  readonly over: "settings";
  check(settings: Settings): readonly PolicyFinding[];
}

/** A resource as a remediation gets it. */
export interface ResourceInputs {
  readonly type: string;
  readonly urn: string;
  /** The inputs behind the policy SDK's proxy: change them in place, since a copy loses secrets and throws at unknowns. */
  readonly properties: Record<string, unknown>;
  /** Whether an exception for this policy covers the image in this resource. */
  readonly excepted: (reference: ImageReference) => boolean;
}

/** What is changed in resources before they are checked. Runs where the engine has it at the level `remediate`. */
export interface RemediationPolicy extends Described {
  readonly over: "resources";
  readonly level: "disabled";
  /** The changed inputs; undefined where nothing was changed, since anything else counts as a change. */
  remediate(
    resource: ResourceInputs,
    context: PolicyContext,
  ): Record<string, unknown> | undefined | Promise<Record<string, unknown> | undefined>;
  /** Where it has something to say of an image that it left as it was. A remediation itself cannot report anything. */
  readonly check?: (image: KnownImage, context: PolicyContext) => Verdict;
}

export type Policy = ImagePolicy | ContainerPolicy | SettingsPolicy | RemediationPolicy;
