import { exceptionsCurrent } from "../policies/exceptions-current";
import { allPolicies } from "../policies/all";
import type { ImagePolicy, Policy, PolicyContext, PolicyFinding } from "../policies/policy";
import { exceptionFor } from "../policies/settings";
import type { FileFinding } from "../report";
import type { LocatedImage, SourceFormat } from "../sources";
import { levelFor, type FileEnvironment } from "./check-environment";
import { mend } from "./check-fix";
import { refusedIgnore } from "./check-ignore";
import { checkImage, type Found } from "./check-image";
import type { CheckSettings } from "./settings-file";

/** The policies that look at images in files. */
const imagePolicies = allPolicies.filter((policy): policy is ImagePolicy => policy.over === "images");

/** All that a check runs: what an exception needs is looked at in the settings and in comments. */
export const checkPolicies: readonly Policy[] = [...imagePolicies, exceptionsCurrent];

/** A file, and what there is to know of it. */
export interface CheckedFile {
  /** As reports name it. */
  readonly path: string;
  readonly text: string;
  readonly format: SourceFormat;
  readonly beside: (path: string) => string | undefined;
  readonly environment: FileEnvironment;
  readonly context: PolicyContext;
}

/** What was found in a file. */
export interface FileCheck {
  readonly images: number;
  readonly findings: readonly FileFinding[];
}

/** Runs the policies over the images of one file. Registries are asked for several images at once. */
export async function checkFile(file: CheckedFile, settings: CheckSettings): Promise<FileCheck> {
  const { path, text, format, beside } = file;
  const images = format.read(text, { path, beside });
  const found = await Promise.all(images.map(async (image) => overImage(image, file, settings)));
  return { images: images.length, findings: found.flat() };
}

async function overImage(
  image: LocatedImage,
  file: CheckedFile,
  settings: CheckSettings,
): Promise<readonly FileFinding[]> {
  const { context, environment } = file;
  const findings: FileFinding[] = [];
  const refused = refusedIgnore(image, context.now());
  const say = (policy: Policy, found: Found): void => {
    const level = levelFor(policy, environment, settings);
    if (level !== undefined) findings.push(findingIn(file, image, policy, level, found));
  };
  for (const finding of refused) say(exceptionsCurrent, { finding });
  if (image.ignore !== undefined && refused.length === 0) return findings;
  for (const policy of imagePolicies) {
    // Policies that do not run ask nobody anything.
    if (levelFor(policy, environment, settings) === undefined) continue;
    if (isExcepted(policy, image, settings)) continue;
    const found = await checkImage(policy, image, context);
    if (found !== undefined) say(policy, found);
  }
  return findings;
}

/** An exception for a resource of a stack says nothing of files. */
function isExcepted(
  { name }: Policy,
  { state }: LocatedImage,
  { settings: { exceptions } }: CheckSettings,
): boolean {
  return "reference" in state && exceptionFor(exceptions, name, state.reference) !== undefined;
}

function findingIn(
  { path: file, text }: CheckedFile,
  image: LocatedImage,
  { name: policy }: Policy,
  level: FileFinding["level"],
  { finding, digest }: Found,
): FileFinding {
  const { line, column, endLine, endColumn } = image;
  const mended = digest === undefined ? undefined : mend(text, image.edits(digest));
  const { level: own, ...said } = finding;
  return {
    ...said,
    ...(mended === undefined ? {} : { fix: withLines(finding, mended.lines), edits: mended.edits }),
    policy,
    level: own ?? level,
    file,
    ...{ line, column, endLine, endColumn },
  };
}

/** The fix as the lines to paste; what stands before a colon there says which of several choices it is. */
function withLines({ fix }: PolicyFinding, lines: string): string {
  const choice = /^deploy the locked one: /.exec(fix)?.[0] ?? "";
  return `${choice}${lines}`;
}
