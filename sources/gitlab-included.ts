import { gitlab } from "./gitlab";
import type { SourceFormat } from "./source";
import { hasExtension } from "./top-level";

/** Files that the pipelines of GitLab include, which may be called anything: known by their jobs. */
export const gitlabIncluded: SourceFormat = {
  ...gitlab,
  claims: (path, text) => hasExtension(path, "yaml", "yml") && hasJobs(text()),
};

/** Whether something at the top of a YAML text has a `script` of its own, and the file an image. Linear in the text. */
function hasJobs(text: string): boolean {
  if (!/^ +script[ \t]*:/m.test(text)) return false;
  let indent: number | undefined;
  let [scripts, images] = [false, false];
  for (const line of text.split("\n")) {
    const space = line.search(/[^ ]/);
    // Between the lines of a map may stand empty ones and comments.
    if (space === -1 || /[#\r]/.test(line[space] ?? "")) continue;
    if (space === 0) indent = undefined;
    else if (space !== (indent ??= space)) continue;
    const name = /^ *([\w-]+)[ \t]*:(?=\s|$)/.exec(line)?.[1];
    scripts ||= space > 0 && name === "script";
    images ||= name === "image" || name === "services";
    if (scripts && images) return true;
    // A list at the top has no jobs.
    if (line.startsWith("- ")) return false;
  }
  return false;
}
