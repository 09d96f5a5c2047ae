import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for what is kept between runs: `PINNED_IMAGES_CACHE`, else a folder of ours in the user's cache
 * (https://specifications.freedesktop.org/basedir-spec/latest/, which wants relative paths ignored).
 */
export function cacheHome(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment["PINNED_IMAGES_CACHE"] ?? "";
  if (own !== "") return own;
  const xdg = environment["XDG_CACHE_HOME"] ?? "";
  return join(isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "pulumi-pinned-images");
}
