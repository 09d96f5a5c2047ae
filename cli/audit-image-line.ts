import { lockKey } from "../lock";
import { quote } from "../report";
import type { FoundImage } from "../resources";
import { auditClasses, type AuditLine } from "./audit-classes";
import type { Excepted } from "./audit-exceptions";
import { verdictOf, type Compared } from "./audit-verdict";
import { fitsImage } from "./image-pattern";
import { short } from "./wording";

/** What the images of a stack, or of files, are compared with. */
export interface ComparedAudit extends Compared {
  /** The pattern of the images that are meant; all of them when left out. */
  readonly image?: string | undefined;
  readonly excepted: Excepted;
}

/** An image, and where it stands. */
export interface AuditedImage {
  readonly state: FoundImage["state"];
  /** Whether it only looks like an image that somebody starts later. */
  readonly advice: boolean;
  /** Whether its value, or one around it, is a secret. */
  readonly secret: boolean;
  /** The resource, where it is one's. */
  readonly urn?: string;
  /** Its place in words that a terminal may show. */
  readonly place: string;
  /** The same for tools. */
  readonly json: object;
}

/** One image, compared with the locks; undefined for one that is not meant. */
export function imageLine(
  { state, advice, secret, urn, place, json }: AuditedImage,
  audit: ComparedAudit,
): AuditLine | undefined {
  const reference = "reference" in state ? state.reference : undefined;
  // What cannot be read may be anything, so it is always meant.
  const isMeant =
    audit.image === undefined || reference === undefined || fitsImage(audit.image, lockKey(reference));
  if (!isMeant) return undefined;
  const verdict = verdictOf({ state, secret }, audit);
  const { lockDigest, next } = verdict;
  const exception = reference && audit.excepted(verdict.kind, reference, urn);
  const says = exception === undefined ? verdict.says : `${verdict.says}; ${exception}`;
  const isAdvice = advice && auditClasses[verdict.kind].finding;
  const kind = isAdvice ? "perhaps" : exception === undefined ? verdict.kind : "excepted";
  const found = "text" in state ? state.text : undefined;
  const shown = found === undefined ? "" : `${quote(abbreviated(state, found))}  `;
  return {
    classes: [kind],
    text: `${place}: ${shown}${says}`,
    ...(next === undefined ? {} : { next: { [kind]: next } }),
    json: { ...json, found, lockDigest, says },
  };
}

/** What the images of a section are compared with, for its title. */
export function comparedWith(files: readonly string[]): string {
  return files.length === 0 ? "there is no lock to compare with" : `compared with ${files.join(", ")}`;
}

/** A pinned image as people tell it from others. */
function abbreviated(state: FoundImage["state"], text: string): string {
  if (state.kind === "local") return short(state.id);
  return state.kind === "digest" ? text.replace(state.digest, short(state.digest)) : text;
}
