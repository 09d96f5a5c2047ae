import { inOrder, located, type Finding } from "./located";
import type { LocatedImage } from "./source";
import { TextFile } from "./text-file";
import { yamlDocuments, type ReadingOptions, type YamlDocument } from "./yaml-documents";

/** Reads each document of a YAML file; one that cannot be read is found as unreadable, since it may hide images. */
export function readYaml(
  text: string,
  find: (document: YamlDocument, index: number) => readonly Finding[],
  options?: ReadingOptions,
): readonly LocatedImage[] {
  const file = new TextFile(text);
  const images: LocatedImage[] = [];
  let index = 0;
  for (const document of yamlDocuments(text, options)) {
    const findings = "problem" in document ? [broken(document)] : inOrder(find(document, index++));
    images.push(...findings.map((finding) => located(file, finding)));
  }
  return images;
}

function broken({ start, end, problem }: { start: number; end: number; problem: string }): Finding {
  const fixed = { reason: problem, fix: "correct the file, or leave it out of the search" };
  return { path: "", start, end, state: { kind: "unreadable", problem }, fixed };
}
