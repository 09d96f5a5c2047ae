import * as v from "valibot";
import { quote } from "../../report";
import { daysSince, exceptionSchema, type Exception, type RefusedException } from "./exception";
import { nearest } from "./nearest";
import { settingsSchema, type Environment, type Settings } from "./schema";
import { entriesOf, itemOf } from "./walk";

export interface SettingProblem {
  /** Where it stands: `settings.environments[0].levels`. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

/** What settings are read against. */
export interface SettingsContext {
  /** The names that levels and exceptions may use. */
  readonly policies: readonly string[];
  /** When it is: exceptions expire. */
  readonly now: Date;
}

/**
 * Reads settings from what the engine, a wrapper pack or a file gave. What is not understood is refused, and the nearest name
 * said. An exception that cannot be read does not spoil the rest: it does not apply, and is among the refused ones.
 */
export function parseSettings(given: unknown, { policies, now }: SettingsContext): SettingsResult {
  const schema = settingsSchema(policies);
  const lenient = v.strictObject({ ...schema.entries, exceptions: v.optional(v.array(v.unknown()), []) });
  const result = v.safeParse(lenient, given);
  if (!result.success) {
    return { ok: false, problems: result.issues.map((issue) => problemOf(issue, schema, "settings")) };
  }
  const { exceptions, environments, ...rest } = result.output;
  const twice = environments.find(
    ({ name }, index) => environments.findIndex((e) => e.name === name) !== index,
  );
  if (twice !== undefined) {
    const path = `settings.environments[${environments.lastIndexOf(twice)}].name`;
    return {
      ok: false,
      problems: [{ path, problem: `${quote(twice.name)} is there twice`, fix: "keep one" }],
    };
  }
  const read = exceptions.map((exception, index) =>
    readException(exception, exceptionSchema(policies), `settings.exceptions[${index}]`, now),
  );
  return {
    ok: true,
    settings: {
      ...rest,
      environments: withProduction(environments),
      exceptions: read.flatMap(({ current = [] }) => current),
      refusedExceptions: read.flatMap(({ refused = [] }) => refused),
    },
  };
}

/** Stacks that no pattern names are treated as production, whether or not the settings speak of it. */
function withProduction(environments: readonly Environment[]): readonly Environment[] {
  if (environments.some(({ name }) => name === "production")) return environments;
  return [{ name: "production", stacks: [], levels: {} }, ...environments];
}

function readException(
  given: unknown,
  schema: ReturnType<typeof exceptionSchema>,
  path: string,
  now: Date,
): { readonly current?: Exception; readonly refused?: readonly RefusedException[] } {
  const result = v.safeParse(schema, given);
  if (!result.success) return { refused: result.issues.map((issue) => problemOf(issue, schema, path)) };
  const exception = result.output;
  const days = daysSince(exception.expires, now);
  if (days <= 0) return { current: exception };
  const { image, owner, reason, expires, ticket } = exception;
  const ago = `${days} day${days === 1 ? "" : "s"} ago`;
  const followed = ticket === undefined ? "" : `; ticket: ${ticket}`;
  const problem = `the exception for ${quote(image.text)} expired ${ago} (${expires}); owner: ${owner}; reason: ${quote(reason)}${followed}`;
  const fix = `remove it, or let ${owner} renew it with a later "expires"`;
  return { refused: [{ path, problem, fix }] };
}

function problemOf(issue: v.BaseIssue<unknown>, schema: v.GenericSchema, root: string): SettingProblem {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const path = keys.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : `${text}.${shorten(key)}`),
    root,
  );
  const name = String(keys.at(-1) ?? "");
  const correct = "correct the value in the configuration that the policies are given";
  if (issue.kind !== "schema") {
    const found = typeof issue.input === "string" ? quote(issue.input) : issue.received;
    return { path, problem: `${found} ${issue.message}`, fix: correct };
  }
  if (issue.type === "strict_object" && keys.length > 0 && issue.expected === "never") {
    const names = namesAt(schema, keys.slice(0, -1));
    return { path, problem: "there is no setting of this name", fix: nearest(name, names) };
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    return { path, problem: "is missing", fix: `state the ${name}` };
  }
  return {
    path,
    problem: `is ${receivedBy(issue)} where ${issue.expected ?? "something else"} was expected`,
    fix: correct,
  };
}

/** What was found, but for keys that somebody put in the wrong place: they may be private ones. */
function receivedBy({ received }: v.BaseIssue<unknown>): string {
  return received.includes("-----BEGIN ") ? "a key" : shorten(received);
}

/** The names that the object at this place may have. */
function namesAt(schema: v.GenericSchema, keys: readonly unknown[]): readonly string[] {
  let at: v.GenericSchema | undefined = schema;
  for (const key of keys) {
    at = at && (typeof key === "number" ? itemOf(at) : entriesOf(at)?.get(String(key)));
  }
  return [...((at && entriesOf(at)) ?? new Map<string, never>()).keys()];
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
