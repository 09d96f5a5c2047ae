import type { Timestamp } from "../lock";
import { classNames, type AuditSection } from "./audit-classes";
import { needsALook } from "./audit-text";
import { failureJson } from "./failure";

/** A lock that could not be read, or an image that could not be asked for. */
export interface Trouble {
  readonly subject: string;
  readonly error: unknown;
  /** For people. */
  readonly text: string;
}

/** What an audit found. */
export interface AuditReport {
  readonly now: Timestamp;
  readonly maxAge: number;
  readonly sections: readonly AuditSection[];
  readonly troubles: readonly Trouble[];
}

/** An audit as JSON. Stable: tools read it. */
export function auditJson({ now, maxAge, sections, troubles }: AuditReport): object {
  const lines = sections.flatMap((section) => section.lines);
  const classes = classNames().flatMap((name) => {
    const number = lines.filter((line) => line.classes.includes(name)).length;
    return number === 0 ? [] : [[name, number] as const];
  });
  return {
    version: 1,
    verb: "audit",
    at: now,
    maxAgeInDays: maxAge,
    sources: sections.map((section) => ({
      ...section.json,
      images: section.lines.map((line) => ({ ...line.json, classes: line.classes })),
    })),
    failed: troubles.map(({ subject, error }) => ({ subject, error: failureJson(error) })),
    summary: {
      images: lines.length,
      toLookAt: lines.filter(needsALook).length,
      classes: Object.fromEntries(classes),
    },
  };
}
