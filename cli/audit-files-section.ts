import { lockKey } from "../lock";
import { quote, type FileTrouble } from "../report";
import { auditClasses, type AuditLine, type AuditSection } from "./audit-classes";
import { abbreviated, verdictOf, type ComparedAudit } from "./audit-stack-section";
import { sourceFiles } from "./check-files";
import { fitsImage } from "./image-pattern";
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
      const { state } = image;
      const reference = "reference" in state ? state.reference : undefined;
      if (audit.image !== undefined && reference !== undefined && !fitsImage(audit.image, lockKey(reference)))
        continue;
      const verdict = verdictOf({ state, secret: false }, audit);
      const exception = reference && audit.excepted(verdict.kind, reference);
      const isAdvice = image.advice === true && auditClasses[verdict.kind].finding;
      const kind = isAdvice ? "perhaps" : exception === undefined ? verdict.kind : "excepted";
      const says = exception === undefined ? verdict.says : `${verdict.says}; ${exception}`;
      const found = "text" in state ? state.text : undefined;
      const shown = found === undefined ? "" : `${quote(abbreviated(state, found))}  `;
      lines.push({
        classes: [kind],
        text: `${plain(file.path)}:${image.line} ${plain(image.path)}: ${shown}${says}`,
        ...(verdict.next === undefined ? {} : { next: { [kind]: verdict.next } }),
        json: {
          file: file.path,
          line: image.line,
          path: image.path,
          found,
          lockDigest: verdict.lockDigest,
          says,
        },
      });
    }
  }
  const files = audit.locks.map(({ file }) => file);
  const compared =
    files.length === 0 ? "there is no lock to compare with" : `compared with ${files.join(", ")}`;
  return {
    section: {
      title: `Files: ${count(lines.length, "image")}, ${compared}`,
      lines,
      json: { kind: "files", paths: audit.paths, comparedWith: files },
    },
    troubles,
  };
}
