import * as v from "valibot";
import { MirrorConfigError } from "./mirror-config-error";
import type { Place } from "./place";

const schema = v.object({ "registry-mirrors": v.optional(v.array(v.string()), []) });

/**
 * The mirrors of Docker Hub in the text of a Docker daemon.json. Docker asks them for tags and digests alike.
 *
 * @throws MirrorConfigError
 */
export function parseDaemonMirrors(text: string): readonly Omit<Place, "repository">[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MirrorConfigError("it is not valid JSON");
  }
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) throw new MirrorConfigError(`"registry-mirrors" is not a list of URLs`);
  return parsed.output["registry-mirrors"].map((mirror) => {
    const { host, insecure } = parseMirrorUrl(mirror, "registry-mirrors");
    return { registry: host, insecure, serves: "all" };
  });
}

/**
 * The host of a mirror that is written as a URL without a path.
 *
 * @throws MirrorConfigError
 */
export function parseMirrorUrl(
  text: string,
  where: string,
): { readonly host: string; readonly insecure: boolean } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new MirrorConfigError(`"${where}" has an entry that is no http or https URL`);
  }
  if (url.username !== "" || url.password !== "")
    throw new MirrorConfigError(`"${where}" has an entry with user info`);
  if (url.pathname !== "/") throw new MirrorConfigError(`"${where}" has an entry with a path: ${url.host}`);
  return { host: url.host, insecure: url.protocol === "http:" };
}
