import { join } from "node:path";
import { manifest } from "./package/manifest";
import { projectRoot } from "./paths";

/** The project's own component package, as a stack's option. */
export const projectPlugin: Readonly<Record<string, string>> = {
  [`pinned-images@${manifest.version}`]: join(projectRoot, "plugin"),
};
