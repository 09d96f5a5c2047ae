import type { RootReader, SignatureErrorCode, TrustRule } from "../../signatures";
import type { World } from "./world";

/** A way in which an image is not verified. */
export interface FailingCase {
  readonly code: SignatureErrorCode;
  /** What is the matter, for people. */
  readonly name: string;
  /** Puts it beside the image, and says whom to trust. */
  readonly arrange: (world: World) => Promise<Question>;
}

/** Whom to trust. */
export interface Question {
  readonly rule: Partial<TrustRule>;
  readonly root?: RootReader;
}
