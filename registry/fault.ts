import type { RegistryErrorCode } from "./errors";

/** A request that got no answer. The message is fit to stand behind the request. */
export class TransportFault extends Error {
  constructor(
    readonly code: RegistryErrorCode,
    message: string,
    /** Whether the same request may fare better in a moment. */
    readonly passing: boolean,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TransportFault";
  }
}
