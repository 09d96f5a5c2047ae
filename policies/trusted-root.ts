import { join } from "node:path";
import { cacheHome } from "../registry/cache-home";
import type { RootReader, RootSource } from "../signatures";
import type { TrustedRootSetting } from "./settings";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the trusted root that the settings name when it is first needed, and again only when they name another.
 *
 * @param environment Names the folder in which a fetched one is kept; this process's when left out.
 */
export function trustedRoot(setting: () => TrustedRootSetting, environment?: Variables): RootReader {
  let read: { readonly by: TrustedRootSetting; readonly root: Promise<RootReader> } | undefined;
  return async () => {
    const by = setting();
    if (read?.by !== by) {
      const root = import("../signatures/index.js").then(({ rootReader }) =>
        rootReader(rootSource(by, environment)),
      );
      read = { by, root };
    }
    return (await read.root)();
  };
}

/** Where a trusted root comes from, by the settings. */
export function rootSource(root: TrustedRootSetting, environment?: Variables): RootSource {
  return "file" in root ? root : { tuf: { ...root.tuf, cache: join(cacheHome(environment), "tuf") } };
}
