import type { FileTrouble } from "../report";
import type { AuditLine, AuditSection } from "./audit-classes";
import { comparedWith, imageLine, type ComparedAudit } from "./audit-image-line";
import { sourceFiles } from "./check-files";
import { count, plain } from "./wording";

export interface FilesAudit extends ComparedAudit {
  readonly paths: readonly string[];
  readonly folder: string;
}

/**
 * The images in files, each compared with the lock. What a comment asks to leave alone is said by `check`, and listed here all the same.
 *
 * @throws UsageError for a path that is not there.
 */
export function filesSection(audit: FilesAudit): {
  readonly section: AuditSection;
  readonly troubles: readonly FileTrouble[];
} {
  const lines: AuditLine[] = [];
  const troubles: FileTrouble[] = [];
  for (const file of sourceFiles({ paths: audit.paths }, audit.folder)) {
    if ("problem" in file) {
      troubles.push(file);
      continue;
    }
    for (const image of file.format.read(file.text, { path: file.path, beside: file.beside })) {
      const { path, line, state, advice = false } = image;
      const place = `${plain(file.path)}:${line} ${plain(path)}`;
      const json = { file: file.path, line, path };
      const said = imageLine({ state, advice, secret: false, place, json }, audit);
      if (said !== undefined) lines.push(said);
    }
  }
  const files = audit.locks.map(({ file }) => file);
  return {
    section: {
      title: `Files: ${count(lines.length, "image")}, ${comparedWith(files)}`,
      lines,
      json: { kind: "files", paths: audit.paths, comparedWith: files },
    },
    troubles,
  };
}
