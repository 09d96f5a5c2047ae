import * as v from "valibot";
import { quote } from "../report";
import { SignatureError } from "./error";

/**
 * Reads JSON from outside.
 *
 * @param what It was meant to be, for the error: "an in-toto statement".
 * @throws SignatureError with the code `unreadable`.
 */
export function readJson<const TSchema extends v.GenericSchema>(
  bytes: Buffer,
  schema: TSchema,
  what: string,
): v.InferOutput<TSchema> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new SignatureError({
      code: "unreadable",
      problem: `has a signature that is not ${what}: it is no JSON`,
      cause,
    });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const at = v.getDotPath(result.issues[0]);
  const where = at === null ? "" : `: ${quote(at)} is not what it should be`;
  throw new SignatureError({ code: "unreadable", problem: `has a signature that is not ${what}${where}` });
}
