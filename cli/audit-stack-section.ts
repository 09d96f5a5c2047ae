import type { Digest, ImageReference } from "../images";
import { holdOn, lockKey, type LockEntry } from "../lock";
import { quote } from "../report";
import type { FoundImage } from "../resources";
import { auditClasses, type AuditClass, type AuditLine, type AuditSection } from "./audit-classes";
import type { Excepted } from "./audit-exceptions";
import type { AuditLock } from "./audit-locks";
import { short } from "./audit-lock-section";
import { fitsImage } from "./image-pattern";
import { lockArgument } from "./select";
import type { DeployedImage, StackState } from "./stack-state";
import { byAndWhy, count, day, plain } from "./wording";

/** What images are compared with. */
export interface ComparedAudit {
  readonly image?: string | undefined;
  /** The locks that say what should run, as people here write them, and what they hold. */
  readonly locks: readonly { readonly file: string; readonly lock: AuditLock["lock"] }[];
  readonly excepted: Excepted;
  /** What `--lock` has to say in commands. */
  readonly argument: string | undefined;
}

export interface StackAudit extends ComparedAudit {
  /** The state as people here write it. */
  readonly file: string;
}

/** What is to be said of one image. */
export interface Verdict {
  readonly kind: AuditClass;
  readonly says: string;
  /** The digest that the lock holds, where it holds another. */
  readonly lockDigest?: Digest;
  readonly next?: string;
}

/** A stack's images, each compared with the lock. */
export function stackSection({ stack, project, images }: StackState, audit: StackAudit): AuditSection {
  const lines = images.filter((image) => isMeant(image, audit.image)).map((image) => lineOf(image, audit));
  const files = audit.locks.map(({ file }) => file);
  const compared =
    files.length === 0 ? "there is no lock to compare with" : `compared with ${files.join(", ")}`;
  return {
    title: `Stack ${plain(stack)} of project ${plain(project)}: ${audit.file}, ${count(lines.length, "image")}, ${compared}`,
    lines,
    json: { kind: "stack", state: audit.file, stack, project, comparedWith: files },
  };
}

function isMeant({ image: { state } }: DeployedImage, pattern: string | undefined): boolean {
  // What cannot be read may be anything.
  if (pattern === undefined || !("reference" in state)) return true;
  return fitsImage(pattern, lockKey(state.reference));
}

function lineOf(deployed: DeployedImage, audit: StackAudit): AuditLine {
  const { urn, type, name, image } = deployed;
  const verdict = verdictOf({ state: image.state, secret: deployed.secret }, audit);
  const { lockDigest, next } = verdict;
  const exception =
    "reference" in image.state ? audit.excepted(verdict.kind, image.state.reference, urn) : undefined;
  const says = exception === undefined ? verdict.says : `${verdict.says}; ${exception}`;
  const isAdvice = image.advice === true && auditClasses[verdict.kind].finding;
  const kind = isAdvice ? "perhaps" : exception === undefined ? verdict.kind : "excepted";
  const found = "text" in image.state ? image.state.text : undefined;
  const kindOfResource = type.slice(type.lastIndexOf(":") + 1);
  const shownText = found === undefined ? "" : `${quote(abbreviated(deployed.image.state, found))}  `;
  const words = [plain(kindOfResource), plain(name), plain(image.path)].join(" ");
  return {
    classes: [kind],
    text: `${words}: ${shownText}${says}`,
    ...(next === undefined ? {} : { next: { [kind]: next } }),
    json: { urn, path: image.path, found, lockDigest, says },
  };
}

/** A pinned image as people tell it from others. */
export function abbreviated(state: FoundImage["state"], text: string): string {
  if (state.kind === "local") return short(state.id);
  return state.kind === "digest" ? text.replace(state.digest, short(state.digest)) : text;
}

/** Compares one image with the lock. */
export function verdictOf(
  { state, secret }: { readonly state: FoundImage["state"]; readonly secret: boolean },
  audit: ComparedAudit,
): Verdict {
  switch (state.kind) {
    case "unknown":
      return { kind: "unreadable", says: secret ? "secret, not readable" : "not known" };
    case "unreadable":
      return { kind: "unreadable", says: state.problem };
    case "malformed":
      return { kind: "malformed", says: state.error.message };
    case "local":
    case "scratch":
      return { kind: "local", says: "in no registry" };
    case "tag":
    case "untagged":
      return unpinned(state.reference, audit);
    case "digest":
      return pinned(state.reference, state.digest, audit);
  }
}

function unpinned(reference: ImageReference, audit: ComparedAudit): Verdict {
  const [entry] = entriesOf(reference, audit);
  if (entry === undefined) {
    const next = `pinned-images pin ${lockKey(reference)}${lockArgument(audit.argument)}`;
    return { kind: "unpinned", says: "no digest, and not in the lock", next };
  }
  return {
    kind: "unpinned",
    says: `no digest; the lock has ${short(entry.digest)}`,
    lockDigest: entry.digest,
  };
}

function pinned(reference: ImageReference, digest: Digest, audit: ComparedAudit): Verdict {
  const entries = entriesOf(reference, audit);
  for (const entry of entries) {
    const held = holdOn(entry, digest);
    if (held === undefined) continue;
    const says = `rolled back ${day(held.heldAt)}${byAndWhy(held)}`;
    return { kind: "rolled-back", says, lockDigest: entry.digest };
  }
  const same = entries.find((entry) => entry.digest === digest);
  if (same !== undefined) return { kind: "ok", says: `as locked ${day(same.lockedAt)}` };
  const [first] = entries;
  if (first !== undefined) {
    const past = entries.some(({ history }) => history?.some((choice) => choice.digest === digest) === true);
    const says = `${past ? "replaced in the lock" : "never in the lock"}, which has ${short(first.digest)} since ${day(first.lockedAt)}`;
    return { kind: "differs", says, lockDigest: first.digest };
  }
  const says = "in no lock";
  if (reference.tag === undefined) return { kind: "not-in-lock", says };
  return {
    kind: "not-in-lock",
    says,
    next: `pinned-images pin ${lockKey(reference)}@${digest}${lockArgument(audit.argument)}`,
  };
}

/** The entries that a reference may have come from: its tag's, or, where only a digest is left, all of its repository. */
function entriesOf(reference: ImageReference, { locks }: ComparedAudit): readonly LockEntry[] {
  const name = lockKey(reference);
  const anyTag = reference.tag === undefined && reference.digest !== undefined;
  const start = anyTag ? `${reference.registry}/${reference.repository}:` : `${name} `;
  return locks.flatMap(({ lock }) =>
    [...lock.images].flatMap(([entryName, entry]) =>
      entryName === name || entryName.startsWith(start) ? [entry] : [],
    ),
  );
}
