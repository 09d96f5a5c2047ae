import {
  auditClasses,
  classNames,
  type AuditClass,
  type AuditLine,
  type AuditSection,
} from "./audit-classes";
import type { Style } from "./paint";
import { count } from "./wording";

/** How many commands are shown for a class. */
const shown = 10;
const width = 12;

/** An audit as a report for people who have never seen one. */
export function auditText(
  sections: readonly AuditSection[],
  { today, maxAge, paint }: { today: string; maxAge: number; paint: (style: Style, text: string) => string },
): string {
  const lines = sections.flatMap((section) => section.lines);
  const open = lines.filter(needsALook);
  const present = classNames().filter((name) => lines.some(({ classes }) => classes.includes(name)));
  const heading = (text: string): readonly string[] => ["", paint("bold", text), ""];
  return [
    paint("bold", `Image audit of ${today}`),
    "",
    "A tag can be moved to another image after it was reviewed; a digest cannot. This report lists the images that were found,",
    "the digest that each one is pinned to, and what somebody should look at.",
    ...sections.flatMap((section) => [
      ...heading(section.title),
      ...(section.lines.length === 0
        ? ["  none"]
        : sorted(section.lines).flatMap((line) => shownLine(line, paint))),
    ]),
    ...heading("Summary"),
    `  ${count(lines.length, "image")} listed, ${open.length === 0 ? "none needs a look" : `${open.length} to look at`}`,
    ...present.map((name) => {
      const number = lines.filter(({ classes }) => classes.includes(name)).length;
      const { label, means } = auditClasses[name];
      const limit = name === "stale" ? ` (limit: ${count(maxAge, "day")})` : "";
      return `  ${label.padEnd(width)} ${String(number).padStart(4)}  ${means}${limit}`;
    }),
    ...nextSteps(lines, present, heading),
    "",
  ].join("\n");
}

/** Whether somebody has to do something. */
export function needsALook({ classes }: AuditLine): boolean {
  return classes.some((name) => auditClasses[name].finding);
}

function shownLine(line: AuditLine, paint: (style: Style, text: string) => string): readonly string[] {
  const labels = line.classes.map((name) => auditClasses[name].label).join(", ");
  const style = needsALook(line) ? "red" : line.classes[0] === "ok" ? "green" : "yellow";
  const history = (line.history ?? []).map((text) => `${"".padEnd(width + 3)} ${text}`);
  return [`  ${paint(style, labels)}${"".padEnd(width - labels.length)} ${line.text}`, ...history];
}

/** The gravest first; the order of the source otherwise. */
function sorted(lines: readonly AuditLine[]): readonly AuditLine[] {
  const order = classNames();
  const rank = ({ classes }: AuditLine): number => Math.min(...classes.map((name) => order.indexOf(name)));
  return lines.toSorted((a, b) => rank(a) - rank(b));
}

function nextSteps(
  lines: readonly AuditLine[],
  present: readonly AuditClass[],
  heading: (text: string) => readonly string[],
): readonly string[] {
  const classes = present.filter((name) => name !== "ok" && name !== "local");
  if (classes.length === 0) return [];
  const steps = classes.flatMap((name) => {
    const commands = new Set(
      lines.flatMap(({ classes: has, next }) => (has.includes(name) ? (next?.[name] ?? []) : [])),
    );
    const more = commands.size > shown ? [`${"".padEnd(width)}     … and ${commands.size - shown} more`] : [];
    return [
      `  ${auditClasses[name].label.padEnd(width)} ${auditClasses[name].next}`,
      ...[...commands].slice(0, shown).map((command) => `${"".padEnd(width)}     $ ${command}`),
      ...more,
    ];
  });
  return [...heading("What to do next"), ...steps];
}
