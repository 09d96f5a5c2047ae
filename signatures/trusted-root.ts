import { readFile, stat } from "node:fs/promises";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial, type TrustMaterial } from "@sigstore/verify";
import type { RootReader } from "./check";
import { SignatureError } from "./error";

/** Where the authorities and logs are named that certificates, log entries and timestamps are verified by. */
export type RootSource =
  /** A `trusted_root.json`, as Sigstore publishes and `cosign trusted-root create` writes it. */
  | { readonly file: string }
  /** A repository of The Update Framework that serves one; the public one of Sigstore without a URL. */
  | {
      readonly tuf: {
        readonly url?: string | undefined;
        /** The `root.json` that the repository is trusted by; the one that comes with the library when left out. */
        readonly root?: string | undefined;
        /** Where what was fetched is kept between runs: it is good offline until it expires. */
        readonly cache: string;
      };
    };

const maxBytes = 4 * 1024 * 1024;
/** What each request of an update may take, in milliseconds. */
const requestTimeout = 5_000;
/** What fetching the root may take in all, in milliseconds. */
const patience = 30_000;
const mediaType = /^application\/vnd\.dev\.sigstore\.trustedroot(?:\+json;version=0\.[12]|\.v0\.[12]\+json)$/;

/** Reads a trusted root when it is first asked for, and once: so does whoever asks after it has failed. */
export function rootReader(source: RootSource): RootReader {
  let reading: Promise<TrustMaterial> | undefined;
  return async () => (reading ??= readTrustedRoot(source));
}

/**
 * The authorities and logs to verify by. No public keys are among them: those are configured.
 *
 * @throws SignatureError with the code `root-unavailable` or `root-expired`.
 */
async function readTrustedRoot(source: RootSource): Promise<TrustMaterial> {
  const root = "file" in source ? await fromFile(source.file) : await fromTuf(source.tuf);
  try {
    return toTrustMaterial(root);
  } catch (cause) {
    throw unavailable("the trusted root names a key or certificate that cannot be read", cause);
  }
}

async function fromFile(path: string): Promise<TrustedRoot> {
  let text: string;
  try {
    if ((await stat(path)).size > maxBytes) throw new Error(`has more than ${maxBytes} bytes`);
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw unavailable(`the trusted root ${path} cannot be read`, cause);
  }
  try {
    const root = TrustedRoot.fromJSON(JSON.parse(text));
    if (!mediaType.test(root.mediaType)) throw new TypeError("is of another media type");
    return root;
  } catch (cause) {
    throw unavailable(`${path} is no trusted root`, cause);
  }
}

async function fromTuf({
  url,
  root,
  cache,
}: Extract<RootSource, { tuf: unknown }>["tuf"]): Promise<TrustedRoot> {
  try {
    // Takes a third of a second to load, which nobody waits for who names a file.
    const { getTrustedRoot } = await import("@sigstore/tuf");
    return await within(
      patience,
      getTrustedRoot({
        cachePath: cache,
        // Without it every run asks, and none gets on without the network.
        forceCache: true,
        ...(url === undefined ? {} : { mirrorURL: url }),
        ...(root === undefined ? {} : { rootPath: root, forceInit: true }),
        retry: 1,
        timeout: requestTimeout,
      }),
    );
  } catch (cause) {
    if (isExpired(cause)) {
      const problem = "cannot be verified: what the trusted root's repository serves has expired";
      throw new SignatureError({ code: "root-expired", problem, cause });
    }
    throw unavailable(`the trusted root cannot be fetched from ${url ?? "Sigstore's repository"}`, cause);
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** tuf-js names its error so, and is not depended on by itself. */
function isExpired(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "ExpiredMetadataError" || /expired/i.test(error.message) || isExpired(error.cause);
}

function unavailable(what: string, cause: unknown): SignatureError {
  return new SignatureError({ code: "root-unavailable", problem: `cannot be verified: ${what}`, cause });
}
