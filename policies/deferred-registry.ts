import type { ArtifactClient } from "../registry/artifact-client";
import type { RegistryClient } from "../registry/types";

type Client = RegistryClient & ArtifactClient;

/**
 * A client of the machine's own configuration. The HTTP stack is loaded with the first question: most runs ask none.
 *
 * @param environment The variables that name that configuration; those of this process when left out.
 * @param offline Whether nobody is to be asked: every answer is then an error that says so.
 */
export function deferredRegistry(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  offline = false,
): Client {
  let made: Promise<Client> | undefined;
  const client = async (): Promise<Client> => {
    made ??= import("../registry/index.js").then(({ createRegistryClient }) =>
      createRegistryClient({ environment, offline }),
    );
    return made;
  };
  return {
    resolve: async (...args) => (await client()).resolve(...args),
    platforms: async (...args) => (await client()).platforms(...args),
    resolvePlatform: async (...args) => (await client()).resolvePlatform(...args),
    exists: async (...args) => (await client()).exists(...args),
    describe: async (...args) => (await client()).describe(...args),
    referrers: async (...args) => (await client()).referrers(...args),
    artifact: async (...args) => (await client()).artifact(...args),
    blob: async (...args) => (await client()).blob(...args),
    index: async (...args) => (await client()).index(...args),
    close: async () => (await made)?.close(),
  };
}
