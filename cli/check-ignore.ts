import { allPolicies } from "../policies/all";
import type { PolicyFinding } from "../policies/policy";
import { parseSettings } from "../policies/settings";
import type { LocatedImage } from "../sources";

const policies = allPolicies.map(({ name }) => name);
const why = "an exception that nobody answers for is a hole that nobody closes; it does not apply";

/** Whether a comment asks to leave the image alone, and may. */
export function isLeftAlone(image: LocatedImage, now: Date): boolean {
  return image.ignore !== undefined && refusedIgnore(image, now).length === 0;
}

/**
 * Judges the comment that asks to leave an image alone: what an exception in the settings needs, it needs, too.
 *
 * @returns why it does not apply; empty when it does.
 */
export function refusedIgnore(image: LocatedImage, now: Date): readonly PolicyFinding[] {
  if (image.ignore === undefined) return [];
  const { line: _, ...stated } = image.ignore;
  const name = "reference" in image.state ? image.state.reference.repository : "image";
  const result = parseSettings({ exceptions: [{ ...stated, image: name }] }, { policies, now });
  const problems = result.ok ? result.settings.refusedExceptions : result.problems;
  return problems.map(({ path, problem, fix }) => ({
    path: path.replace("settings.exceptions[0]", "pinned-images: ignore"),
    problem,
    why,
    fix,
  }));
}
