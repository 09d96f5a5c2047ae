/**
 * docs/signature-errors.md: every way in which an image is not verified, played against a registry inside the process. `npm run readme`
 * writes it, a test compares it.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { SignatureError, type SignatureErrorCode } from "../signatures";
import { projectRoot } from "../test/support/paths";
import type { FailingCase } from "../test/signatures/failing-case";
import { failingCases } from "../test/signatures/failing-cases";
import { createTrust, openWorld, type Trust } from "../test/signatures/world";

export const signatureErrorsPath = join(projectRoot, "docs", "signature-errors.md");

/** What a case came to. */
export interface FailedCase {
  readonly name: string;
  readonly code: SignatureErrorCode;
  /** What the error says, with what differs from run to run left out. */
  readonly problem: string;
  readonly fix: string;
}

/** @throws Error when the image is verified after all. */
export async function play({ name, arrange }: FailingCase, trust: Trust): Promise<FailedCase> {
  const world = await openWorld(trust);
  try {
    const { rule, root } = await arrange(world);
    await world.scene.verify(rule, root === undefined ? {} : { root });
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    const problem = error.message
      .replaceAll(world.scene.registry.host, "registry.example")
      .replaceAll(world.folder, "/etc/pulumi")
      .replaceAll(/sha256:[0-9a-f]{64}/g, "sha256:…")
      .replaceAll(/SHA256:[\w+/]{43}=/g, "SHA256:…")
      .replaceAll(/127\.0\.0\.1:\d+/g, "tuf.example");
    return { name, code: error.code, problem, fix: error.fix };
  } finally {
    await world.close();
  }
  throw new Error(`${name}: is verified, and should not be`);
}

/** The page, from what the cases came to. */
export async function renderSignatureErrors(rows: readonly FailedCase[]): Promise<string> {
  const fixes = new Map(rows.map(({ code, fix }) => [code, fix]));
  const text = [
    "# Why an image is not verified",
    "",
    "Every code of `SignatureError`, with what it says in each case that the tests play. The sentence goes on from the image's",
    "name. Written by `npm run readme`.",
    "",
    "| code | when | it says |",
    "| --- | --- | --- |",
    ...rows.map(({ code, name, problem }) => `| \`${code}\` | ${cell(name)} | ${cell(problem)} |`),
    "",
    "## What to do",
    "",
    "| code | fix |",
    "| --- | --- |",
    ...Array.from(fixes, ([code, fix]) => `| \`${code}\` | ${cell(fix)} |`),
    "",
  ].join("\n");
  return format(text, { ...(await resolveConfig(signatureErrorsPath)), parser: "markdown" });
}

/** As text: what stands in brackets or between asterisks is no markup. */
function cell(text: string): string {
  return text.replace(/[\\|<>*_[\]]/g, "\\$&");
}

async function main(): Promise<void> {
  const trust = await createTrust();
  const rows: FailedCase[] = [];
  for (const each of failingCases) rows.push(await play(each, trust));
  await writeFile(signatureErrorsPath, await renderSignatureErrors(rows));
}

if (require.main === module) void main();
