import type { AuditSection } from "./audit-classes";
import { comparedWith, imageLine, type ComparedAudit } from "./audit-image-line";
import type { StackState } from "./stack-state";
import { count, plain } from "./wording";

export interface StackAudit extends ComparedAudit {
  /** The state as people here write it. */
  readonly file: string;
}

/** A stack's images, each compared with the lock. */
export function stackSection({ stack, project, images }: StackState, audit: StackAudit): AuditSection {
  const lines = images.flatMap(({ urn, type, name, secret, image: { path, state, advice = false } }) => {
    const kindOfResource = type.slice(type.lastIndexOf(":") + 1);
    const place = [plain(kindOfResource), plain(name), plain(path)].join(" ");
    return imageLine({ state, advice, secret, urn, place, json: { urn, path } }, audit) ?? [];
  });
  const files = audit.locks.map(({ file }) => file);
  return {
    title: `Stack ${plain(stack)} of project ${plain(project)}: ${audit.file}, ${count(lines.length, "image")}, ${comparedWith(files)}`,
    lines,
    json: { kind: "stack", state: audit.file, stack, project, comparedWith: files },
  };
}
