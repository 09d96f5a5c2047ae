import { ManifestError } from "./manifest";
import { cleanText } from "./text";

/**
 * The query of the next page of a list, from a Link header (RFC 8288, section 3); undefined behind the last page. A page of another
 * list, or on another host, is none: it would be asked with this registry's credentials.
 *
 * @param from Where the page with that header came from.
 * @throws ManifestError
 */
export function nextPage(link: string | undefined, from: URL): string | undefined {
  for (const [, target = "", parameters = ""] of (link ?? "").matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!isNext(parameters)) continue;
    const url = URL.canParse(target, from.href) ? new URL(target, from.href) : undefined;
    if (url?.origin !== from.origin || pathOf(url) !== pathOf(from)) {
      const where = `a next page that is not on this list's own path: ${cleanText(target)}`;
      throw new ManifestError("bad-response", `answered with ${where}`);
    }
    return url.search.slice(1);
  }
  return undefined;
}

/** Relation types are a list of words, in either case (RFC 8288, section 3.3). */
function isNext(parameters: string): boolean {
  const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
  return (quoted ?? bare ?? "").toLowerCase().split(/\s+/).includes("next");
}

/** A digest's colon may come back escaped. */
function pathOf({ pathname }: URL): string {
  return pathname.replace(/%3a/gi, ":");
}
