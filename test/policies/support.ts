import { imageState, parseDigest, type ReferenceForm } from "../../images";
import { allPolicies } from "../../policies/all";
import type { KnownImage, PolicyContext, PolicyFinding } from "../../policies/policy";
import { parseSettings, type Settings, type SettingsInput } from "../../policies/settings";
import { formatFinding } from "../../report";

export const hex = "0123456789abcdef".repeat(4);
export const digest = parseDigest(`sha256:${hex}`);
export const now = new Date("2026-08-22T12:00:00Z");

/** The settings that an input gives; fails where they are refused. */
export function settingsOf(input: SettingsInput): Settings {
  const result = parseSettings(input, { policies: allPolicies.map(({ name }) => name), now });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.settings;
}

/** What policies ask, with answers of its own: the digest is known, and every image is there. */
export function contextOf(input: SettingsInput = {}, answers: Partial<PolicyContext> = {}): PolicyContext {
  const platforms = [{ os: "linux", architecture: "amd64" }];
  return {
    settings: settingsOf(input),
    digestFor: () => Promise.resolve(digest),
    existence: () => Promise.resolve({ ok: true, value: { exists: true, platforms } }),
    pin: () => Promise.resolve({ ok: true, value: { digest, from: "registry" } }),
    locked: () => Promise.resolve({ kind: "no-lock", lookedIn: ["/repo/images.lock.json"] }),
    served: () => Promise.resolve({ ok: true, value: digest }),
    signed: () => Promise.resolve({ ok: true, value: { signers: [], platforms: [] } }),
    now: () => now,
    once: () => true,
    ...answers,
  };
}

/** An image as a resource holds it. */
export function imageOf(
  state: KnownImage["state"] | string,
  form: ReferenceForm = "tag-and-digest",
  takesLocalIds = false,
): KnownImage {
  const known = typeof state === "string" ? imageState(state) : state;
  if (known.kind === "unknown") throw new Error("the image is not known");
  return { path: "spec.containers[0].image", form, takesLocalIds, state: known };
}

/** The lines that people read; undefined when there is nothing to say. */
export async function linesOf(
  finding: PolicyFinding | undefined | Promise<PolicyFinding | undefined>,
): Promise<readonly string[] | undefined> {
  const found = await finding;
  return found === undefined ? undefined : formatFinding(found).split("\n");
}
