/** The generated parts of docs/guides/examples.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../test/support/paths";
import type { Example, PlayedExample } from "./examples";
import { difference, fenced, policiesAndOutputs, withGenerated } from "./generated";

export const examplesGuidePath = join(projectRoot, "docs", "guides", "examples.md");

export interface Play {
  readonly example: Example;
  readonly played: PlayedExample;
}

/** The guide's text with its generated parts made anew. */
export function renderExamplesGuide(text: string, plays: readonly Play[]): string {
  const sections = plays.map(({ example, played }) => [example.name, section(example.name, played)] as const);
  return withGenerated("examples.md", text, new Map([["table", table(plays)], ...sections]));
}

/** What differs between an example as it was and as it is. */
export function exampleDifference(name: string): string {
  const file = (base: string) => ({
    name: base,
    text: readFileSync(join(projectRoot, "examples", name, base), "utf8"),
  });
  return difference(file("before.ts"), file("after.ts"));
}

/** Every image that an example deploys, with the resource that it stands in. */
export function deployedImages({ after }: PlayedExample): string[] {
  return after.resources
    .flatMap(({ type, name, inputs }) =>
      [...JSON.stringify(inputs).matchAll(/[\w./:-]+@sha256:[0-9a-f]{64}/g)].map(
        ([image]) => `${type.split(":").at(-1) ?? type} ${name}: ${image}`,
      ),
    )
    .sort();
}

function table(plays: readonly Play[]): string {
  const rows = plays.map(
    ({ example: { name, way, images }, played: { before, after, asked, update, again } }) => {
      const cells = [
        `[${name}](#${name})`,
        way,
        `${images.length}`,
        `exit ${before.exitCode}, violations: ${violations(before.stdout).length}`,
        `exit ${after.exitCode}, violations: ${violations(after.stdout).length}`,
        `${asked.length} × HEAD`,
        `exit ${update.exitCode}`,
        /Resources:\s+(.*)/.exec(again.stdout)?.[1] ?? "",
      ];
      return `| ${cells.join(" | ")} |`;
    },
  );
  return [
    "| example | way | images | before | after | asked | update | again |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function section(name: string, played: PlayedExample): string {
  const { before, after } = played;
  const [head = "", ...rest] = policiesAndOutputs(before.stdout).split(/(?=^ {8}- )/m);
  return [
    exampleDifference(name),
    "Before:",
    // Resources are looked at side by side.
    fenced([head.trimEnd(), ...rest.map((violation) => violation.trimEnd()).sort()].join("\n")),
    "After, and what it deploys:",
    fenced([policiesAndOutputs(after.stdout), "", ...deployedImages(played)].join("\n")),
  ].join("\n\n");
}

/** The violations that block. */
export function violations(stdout: string): string[] {
  return policiesAndOutputs(stdout)
    .split(/^ {8}- /m)
    .filter((violation) => violation.startsWith("[mandatory]"));
}
