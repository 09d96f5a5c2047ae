import { closest, distance } from "fastest-levenshtein";
import * as v from "valibot";

/** What all policies share. Owned by the policy `settings`; the platform team gives it, never the program. */
export interface Settings {
  /** An image that a preview cannot know yet: stop the preview, or say so and let it pass. */
  readonly onUnknown: "advise" | "refuse";
  /** Ask the registry for the digest to offer in a fix line. */
  readonly suggestDigests: boolean;
}

/** In force until settings were read, and whenever they cannot be. */
export const strictestSettings: Settings = { onUnknown: "refuse", suggestDigests: true };

const schema = v.strictObject({
  onUnknown: v.optional(v.picklist(["advise", "refuse"]), strictestSettings.onUnknown),
  suggestDigests: v.optional(v.boolean(), strictestSettings.suggestDigests),
});

/** The settings' names and values in the simple JSON Schema that the engine understands. */
export const settingsSchema = {
  properties: {
    onUnknown: { type: "string" as const, enum: ["advise", "refuse"], default: strictestSettings.onUnknown },
    suggestDigests: { type: "boolean" as const, default: strictestSettings.suggestDigests },
  },
};

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] };

export interface SettingProblem {
  /** The setting's name. */
  readonly name: string;
  readonly problem: string;
  readonly fix: string;
}

/** Reads settings from what the engine or a wrapper pack gave. Refuses what it does not know, and names the nearest. */
export function parseSettings(given: unknown): SettingsResult {
  const result = v.safeParse(schema, given, { abortEarly: false });
  if (result.success) return { ok: true, settings: result.output };
  return { ok: false, problems: result.issues.map(problemOf) };
}

const names = Object.keys(schema.entries);

function problemOf(issue: v.BaseIssue<unknown>): SettingProblem {
  const name = v.getDotPath(issue) ?? "";
  if (issue.type === "strict_object" && issue.expected === "never") {
    return { name, problem: `there is no setting of this name`, fix: nearestSetting(name) };
  }
  return {
    name,
    problem: `is ${clip(issue.received)} where ${issue.expected ?? "something else"} was expected`,
    fix: "correct the value in the configuration that the policy pack is given",
  };
}

export function isSetting(name: string): boolean {
  return names.includes(name);
}

/** Half a sentence that helps who wrote a setting's name wrong. */
export function nearestSetting(name: string): string {
  const guess = closest(name.slice(0, 100), names);
  const near = distance(name.slice(0, 100), guess) <= Math.max(3, guess.length / 2);
  return near ? `did you mean "${guess}"?` : `the settings are ${names.join(", ")}`;
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
