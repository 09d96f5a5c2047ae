import { ImageReferenceError } from "../images";
import { quote } from "../report";
import { fixOf } from "./error";

/**
 * Why an image text got no digest, in the words of messages: a sentence, and a second line with the fix where the error
 * carries one. Takes whatever was thrown while pinning it.
 */
export function explainPinError(text: string, error: unknown): string {
  if (error instanceof ImageReferenceError) {
    return `${quote(text)}${error.inDigest ? ": " : " "}${error.message}`;
  }
  if (!(error instanceof Error)) return `cannot resolve ${quote(text)}`;
  // A registry error says what to do about it beside what happened.
  const fix = fixOf(error);
  return `cannot resolve ${quote(text)}: ${error.message}${fix === undefined ? "" : `\nfix: ${fix}`}`;
}
