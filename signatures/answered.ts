import { RegistryError } from "../registry";
import { SignatureError } from "./error";

/** Asks a registry. @throws SignatureError where it gives no answer, or more than anybody reads. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw asSignatureError(error);
  }
}

/** What a registry's trouble means for an image. Throws what is neither that nor ours. */
export function asSignatureError(error: unknown): SignatureError {
  if (error instanceof SignatureError) return error;
  if (!(error instanceof RegistryError)) throw error;
  const code = error.code === "too-large" ? "too-large" : "unanswered";
  return new SignatureError({ code, problem: `cannot be verified: ${error.message}`, cause: error });
}
