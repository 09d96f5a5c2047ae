import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ensureTool } from "../../tools";
import { run } from "../../tools/run";
import type { DistributionRegistry } from "./distribution";

const cosignLimitMs = 60_000;

/** The files of a key pair that has no password. */
export interface CosignKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/**
 * How a signature is stored: behind the tag `<alg>-<hex>.sig` (`legacy`), the same as a referrer (`legacy-referrer`), or as a referrer
 * with a Sigstore bundle (`bundle`).
 */
export type SignatureForm = "legacy" | "legacy-referrer" | "bundle";

export interface SignOptions {
  /** With a digest: cosign warns of tags. */
  readonly reference: string;
  readonly key: CosignKeys;
  readonly bundle: SignatureForm;
  /** The images in an index as well. */
  readonly recursive?: boolean;
  /** What is signed along with it; in bundles cosign 2 leaves it out. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface AttestOptions {
  readonly reference: string;
  readonly key: CosignKeys;
  readonly bundle: Exclude<SignatureForm, "legacy-referrer">;
  /** `slsaprovenance1`, `spdxjson`, `custom`, …, or a URI. */
  readonly type: string;
  readonly predicate: unknown;
}

export type VerifyOptions = Pick<SignOptions, "reference" | "key" | "bundle" | "annotations">;
export type VerifyAttestationOptions = Pick<AttestOptions, "reference" | "key" | "bundle" | "type">;

/** The real cosign. What it refuses is an error that holds what it said. */
export interface Cosign {
  /** Writes a key pair into a folder, which is made where it is missing. */
  generateKeyPair(folder: string): Promise<CosignKeys>;
  /** The same of a private key in PEM that somebody else made. */
  importKeyPair(folder: string, pem: string): Promise<CosignKeys>;
  sign(options: SignOptions): Promise<void>;
  attest(options: AttestOptions): Promise<void>;
  /** Gives what cosign prints of the signatures that it found to be good. */
  verify(options: VerifyOptions): Promise<string>;
  verifyAttestation(options: VerifyAttestationOptions): Promise<string>;
}

/**
 * A cosign that knows one registry's credentials and certificate, keeps its files in `folder`, and reaches nothing beyond this machine:
 * it uses no transparency log, is given an empty trusted root so that it fetches none, and finds a dead proxy in front of everything else.
 */
export async function createCosign(
  folder: string,
  { dockerConfig, certificate }: Pick<DistributionRegistry, "dockerConfig" | "certificate">,
): Promise<Cosign> {
  const executable = await ensureTool("cosign");
  const trustedRoot = join(folder, "trusted-root.json");
  await mkdir(folder, { recursive: true });
  await writeFile(
    trustedRoot,
    JSON.stringify({ mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" }),
  );
  const nowhere = "http://127.0.0.1:1";
  const env = {
    HOME: folder,
    TUF_ROOT: join(folder, "tuf"),
    DOCKER_CONFIG: dockerConfig,
    // A key pair without a password, and no question for one.
    COSIGN_PASSWORD: "",
    // Without it cosign 2 knows no referrers of its older form.
    COSIGN_EXPERIMENTAL: "1",
    // Go leaves this machine's own names out by itself.
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    ...(certificate === undefined ? {} : { SSL_CERT_FILE: certificate }),
  };
  const cosign = async (cwd: string, ...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr, timedOut } = await run(executable, args, {
      cwd,
      env,
      timeoutMs: cosignLimitMs,
    });
    const command = `cosign ${args.join(" ")}`;
    if (timedOut) throw new Error(`${command} was not done after ${cosignLimitMs / 1000} s.`);
    if (code !== 0) throw new Error(`${command} failed: ${stderr.trim()}`);
    return stdout.trim();
  };
  const signing = ["--tlog-upload=false", "--yes"];
  const verifying = ["--insecure-ignore-tlog", "--trusted-root", trustedRoot];
  let predicates = 0;

  return {
    generateKeyPair: async (target) => {
      await mkdir(target, { recursive: true });
      await cosign(target, "generate-key-pair");
      return { privateKey: join(target, "cosign.key"), publicKey: join(target, "cosign.pub") };
    },
    importKeyPair: async (target, pem) => {
      await mkdir(target, { recursive: true });
      await writeFile(join(target, "own.pem"), pem, { mode: 0o600 });
      await cosign(target, "import-key-pair", "--key", "own.pem", "--output-key-prefix", "cosign");
      return { privateKey: join(target, "cosign.key"), publicKey: join(target, "cosign.pub") };
    },
    sign: async ({ reference, key, bundle, recursive = false, annotations = {} }) => {
      const form = {
        legacy: [],
        "legacy-referrer": ["--registry-referrers-mode=oci-1-1"],
        bundle: [newBundle],
      };
      const all = recursive ? ["--recursive"] : [];
      const args = [...signing, ...form[bundle], ...all, ...annotationArgs(annotations)];
      await cosign(folder, "sign", "--key", key.privateKey, ...args, reference);
    },
    attest: async ({ reference, key, bundle, type, predicate }) => {
      const file = join(folder, `predicate-${predicates++}.json`);
      await writeFile(file, JSON.stringify(predicate));
      const args = [...signing, ...bundleArgs(bundle), "--type", type, "--predicate", file];
      await cosign(folder, "attest", "--key", key.privateKey, ...args, reference);
    },
    verify: async ({ reference, key, bundle, annotations = {} }) => {
      const form = { legacy: [], "legacy-referrer": ["--experimental-oci11"], bundle: [newBundle] };
      const args = [...verifying, ...form[bundle], ...annotationArgs(annotations)];
      return cosign(folder, "verify", "--key", key.publicKey, ...args, reference);
    },
    verifyAttestation: async ({ reference, key, bundle, type }) => {
      const args = [...verifying, ...bundleArgs(bundle), "--type", type];
      return cosign(folder, "verify-attestation", "--key", key.publicKey, ...args, reference);
    },
  };
}

const newBundle = "--new-bundle-format";

function bundleArgs(bundle: AttestOptions["bundle"]): readonly string[] {
  return bundle === "bundle" ? [newBundle] : [];
}

function annotationArgs(annotations: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(annotations).flatMap(([name, value]) => ["--annotations", `${name}=${value}`]);
}
