import * as v from "valibot";
import { parseDigest } from "../images";

/** A digest in somebody else's JSON. */
export const digestSchema = v.pipe(v.string(), v.check(isDigest), v.transform(parseDigest));

function isDigest(text: string): boolean {
  try {
    parseDigest(text);
    return true;
  } catch {
    return false;
  }
}
