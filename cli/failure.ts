import * as v from "valibot";
import { ImageReferenceError } from "../images";
import { LockError } from "../lock";
import { explainPinError } from "../pinning";
import { quote } from "../report";
import { exitCodes, type ExitCode } from "./exit-codes";
import { FileError } from "./files/error";
import { UsageError } from "./read-references";

const text = v.fallback(v.optional(v.string()), undefined);
const fieldsSchema = v.fallback(v.object({ code: text, fix: text }), { code: undefined, fix: undefined });

/** What could be done and is not, since it would do harm. */
export class RefusedError extends Error {
  constructor(
    problem: string,
    readonly fix: string,
  ) {
    super(problem);
    this.name = "RefusedError";
  }
}

/** What went wrong, in one or two lines: the second is the fix. Undefined for what nobody foresaw. */
export function failureText(error: unknown): string | undefined {
  if (error instanceof LockError || error instanceof RefusedError || error instanceof FileError)
    return `${error.message}\nfix: ${error.fix}`;
  return error instanceof UsageError ? error.message : undefined;
}

/** What went wrong with one image. */
export function imageFailureText(image: string, error: unknown): string {
  const known = failureText(error);
  return known === undefined ? explainPinError(image, error) : `${quote(image)}: ${known}`;
}

/** 1 for what was refused, 2 for what was asked wrongly, 3 for what gave no answer. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ImageReferenceError || error instanceof UsageError) return exitCodes.usage;
  if (error instanceof RefusedError) return exitCodes.findings;
  if (!(error instanceof LockError)) return exitCodes.unchecked;
  switch (error.code) {
    case "held":
      return exitCodes.findings;
    case "busy":
    case "unwritable":
      return exitCodes.unchecked;
    default:
      return exitCodes.usage;
  }
}

/** An error as JSON. Stable: tools read it. */
export function failureJson(error: unknown): object {
  const message = error instanceof Error ? error.message : "unknown error";
  if (error instanceof UsageError) return { code: "usage", message };
  if (error instanceof RefusedError) return { code: "refused", message, fix: error.fix };
  // By their fields: the registry client, and the HTTP stack with it, is loaded only where somebody is asked.
  const { code, fix } = v.parse(fieldsSchema, error);
  return { code: code ?? "internal", message, fix };
}
