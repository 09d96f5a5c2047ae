import { parseDigest, parseImageReference } from "../../images";
import { payload, type Connection, type Site } from "./fault-matrix-site";

/** What a case asks the registry. */
export interface Question {
  /** What its requests have in their path. */
  readonly path: string;
  readonly reference: (site: Site) => string;
  /** The right answer, as a digest. */
  readonly right: (site: Site) => string;
  readonly ask: (client: Connection, reference: string) => Promise<string>;
}

export const imageQuestion: Question = {
  path: "/manifests/",
  reference: ({ host }) => `${host}/api:1`,
  right: ({ digest }) => digest,
  ask: async (client, reference) => (await client.resolve(parseImageReference(reference))).digest,
};

/** What is asked of an image's signatures, in the order in which it is asked. */
export const artifactQuestions: Readonly<Record<"referrers" | "artifact" | "blob", Question>> = {
  referrers: {
    path: "/referrers/",
    reference: ({ host, digest }) => `${host}/api@${digest}`,
    right: ({ signature }) => signature,
    ask: async (client, reference) => {
      const list = await client.referrers(parseImageReference(reference));
      return list.map(({ digest }) => digest).join();
    },
  },
  artifact: {
    path: "/manifests/",
    reference: ({ host }) => `${host}/api:1.sig`,
    right: ({ signature }) => signature,
    ask: async (client, reference) => {
      const artifact = await client.artifact(parseImageReference(reference));
      return artifact?.digest ?? "none";
    },
  },
  blob: {
    path: "/blobs/",
    reference: ({ host }) => `${host}/api:1.sig`,
    right: () => payload.digest,
    ask: async (client, reference) => {
      const descriptor = { ...payload, digest: parseDigest(payload.digest), annotations: {} };
      await client.blob(parseImageReference(reference), descriptor);
      return payload.digest;
    },
  },
};
