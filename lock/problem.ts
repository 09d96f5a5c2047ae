import type * as v from "valibot";
import { shown } from "./error";
import type { JsonPath } from "./walk";

// The schema's findings, as a person is told of them.

/** A place in a lock: `images["docker.io/library/nginx:1.27"].history[0].digest`. */
export function placeText(path: JsonPath): string {
  return path.length === 0 ? "the lock" : path.map(step).join("");
}

function step(key: string | number, index: number): string {
  if (typeof key === "number") return `[${key}]`;
  if (!/^[$\w]{1,60}$/.test(key)) return `[${shown(key, 300)}]`;
  return index === 0 ? key : `.${key}`;
}

/** What is wrong with a value: what stands behind its place. */
export function problemOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "is no field of a lock";
  if (issue.received === "undefined") return "is missing";
  const received = kindOf(issue.input);
  // The checks' own messages are half sentences; a schema's message is what it expected.
  return issue.kind === "schema"
    ? `is ${received} where ${expectedBy(issue)} was expected`
    : `is ${received}: ${issue.message}`;
}

function expectedBy(issue: v.BaseIssue<unknown>): string {
  const { type, expected, message } = issue;
  if (type === "custom") return message;
  const names: Readonly<Record<string, string>> = {
    Object: "an object",
    Array: "an array",
    string: "a string",
  };
  return (
    names[expected ?? ""] ??
    expected?.replace(/^\((.*)\)$/, "$1").replaceAll(" | ", " or ") ??
    "something else"
  );
}

/** A value as a message names it. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return shown(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
