import { parseLockKey, type LockEntry, type PastEntry, type Timestamp } from "../lock";
import type { AuditClass, AuditLine, AuditSection } from "./audit-classes";
import type { Excepted } from "./audit-exceptions";
import type { AuditLock } from "./audit-locks";
import { tagIsHeld, type Checked } from "./check-entry";
import { daysSince } from "./days";
import { fitsImage } from "./image-pattern";
import { entryArguments, imageArguments } from "./select";
import { byAndWhy, count, day, short } from "./wording";

export interface LockAudit {
  readonly now: Timestamp;
  /** In days. */
  readonly maxAge: number;
  readonly image?: string | undefined;
  readonly history: boolean;
  /** What the registry said, by name; undefined where it could not be asked, nothing where it was not. */
  readonly checks: ReadonlyMap<string, Checked | undefined>;
  readonly excepted: Excepted;
  /** The lock as people here write it. */
  readonly file: string;
  /** What `--lock` has to say in commands; undefined when it is the lock that they take anyway. */
  readonly argument: string | undefined;
}

/** A lock's images, and what there is to say of them. */
export function lockSection({ environment, lock }: AuditLock, audit: LockAudit): AuditSection {
  const names = [...lock.images].filter(
    ([name]) => audit.image === undefined || fitsImage(audit.image, name),
  );
  const lines = names.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => lineOf(name, entry, audit));
  const title = environment === undefined ? "All environments" : `Environment ${environment}`;
  return {
    title: `${title}: ${audit.file}, ${count(lines.length, "image")}`,
    lines,
    json: { kind: "lock", lock: audit.file, environment },
  };
}

function lineOf(name: string, entry: LockEntry, audit: LockAudit): AuditLine {
  const { digest, lockedAt, verifiedAt, tagMovedAt } = entry;
  const age = daysSince(lockedAt, audit.now);
  const held = entry.held?.filter(({ releasedAt }) => releasedAt === undefined) ?? [];
  const check = audit.checks.get(name);
  const found: AuditClass[] = [
    ...(check === undefined || check.registry !== undefined ? [] : ["missing" as const]),
    ...(check === undefined || check.missingPlatforms.length === 0 ? [] : ["incomplete" as const]),
    // A tag that was just seen to have what was rolled back is no news.
    ...(tagMovedAt === undefined || (check !== undefined && tagIsHeld(entry, check.tag))
      ? []
      : ["tag-moved" as const]),
    ...(age > audit.maxAge ? ["stale" as const] : []),
    ...(audit.checks.has(name) && check === undefined ? ["not-asked" as const] : []),
    ...(held.length === 0 ? [] : ["held" as const]),
  ];
  const reference = parseLockKey(name)?.reference;
  const exceptions = new Map(
    found.flatMap((kind) => {
      const exception = reference && audit.excepted(kind, reference);
      return exception === undefined ? [] : [[kind, exception] as const];
    }),
  );
  const classes = [...new Set(found.map((kind) => (exceptions.has(kind) ? "excepted" : kind)))];
  const said = [
    `locked ${day(lockedAt)} (${count(age, "day")} ago)`,
    `last seen ${day(verifiedAt)}`,
    ...(tagMovedAt === undefined ? [] : [`the tag has pointed elsewhere since ${day(tagMovedAt)}`]),
    ...held.map((one) => `${short(one.digest)} held since ${day(one.heldAt)}${byAndWhy(one)}`),
    ...new Set(exceptions.values()),
  ];
  const refresh = `pinned-images refresh ${imageArguments(name, audit.argument)}`;
  return {
    classes: classes.length === 0 ? ["ok"] : classes,
    text: `${name}  ${short(digest)}  ${said.join("; ")}`,
    ...(audit.history ? { history: historyLines(entry) } : {}),
    next: {
      missing: refresh,
      incomplete: refresh,
      stale: refresh,
      "tag-moved": `${refresh} --dry-run`,
      held: `pinned-images rollback --release ${entryArguments(name, audit.argument)}`,
    },
    json: {
      image: name,
      ...{ digest, lockedAt, verifiedAt, tagMovedAt, ageInDays: age, held },
      ...(audit.history ? { history: [...(entry.history ?? []), presentOf(entry)] } : {}),
    },
  };
}

/** The choices of an entry, the latest first, each with who, when and why; and what was held and released. */
function historyLines(entry: LockEntry): readonly string[] {
  const choices = [...(entry.history ?? []), presentOf(entry)].map(
    (choice) =>
      [
        choice.lockedAt,
        `${(choice.how ?? "locked").padEnd(9)} ${choice.digest}${choice.from === undefined ? "" : ` from ${choice.from}`}${byAndWhy(choice)}`,
      ] as const,
  );
  const releases = (entry.held ?? []).flatMap(
    ({ digest, releasedAt, releasedBy: by, releaseReason: reason }) =>
      releasedAt === undefined
        ? []
        : [
            [
              releasedAt,
              `release   ${digest}${byAndWhy({ ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) })}`,
            ] as const,
          ],
  );
  return [...choices, ...releases]
    .sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0))
    .map(([moment, text]) => `${day(moment)} ${moment.slice(11, 16)} UTC  ${text}`);
}

/** The present choice, as the history will have it. */
function presentOf(entry: LockEntry): Omit<PastEntry, "replacedAt"> {
  const { digest, mediaType, platforms, lockedAt, how, by, reason, from } = entry;
  return {
    ...{ digest, mediaType, platforms, lockedAt },
    ...(how === undefined ? {} : { how }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
    ...(from === undefined ? {} : { from }),
  };
}
