import type { Digest, ImageReference } from "../images";
import type { Finding } from "../report";
import type { FoundImage } from "../resources";
import type { Settings } from "./settings";

/** What a policy may ask while it looks at an image. */
export interface PolicyContext {
  readonly settings: Settings;
  /** The digest to offer in a fix line; undefined when nobody could be asked, or nobody knew in time. Never throws. */
  digestFor(reference: ImageReference): Promise<Digest | undefined>;
}

/** A finding, and whether it stops the deployment or advises; as the policy's own level when left out. */
export interface PolicyFinding extends Finding {
  readonly level?: "mandatory" | "advisory";
}

/** What is demanded of every image, wherever it stands: one file each, bound to resources by pack.ts. */
export interface ImagePolicy {
  readonly name: string;
  /** One sentence; the engine prints it as the first line of every violation. */
  readonly description: string;
  readonly level: "mandatory" | "advisory" | "disabled";
  readonly severity: "low" | "medium" | "high" | "critical";
  /** Answers at once where there is nothing to say, so that what is pinned costs nothing. */
  check(image: FoundImage, context: PolicyContext): PolicyFinding | undefined | Promise<PolicyFinding>;
}
