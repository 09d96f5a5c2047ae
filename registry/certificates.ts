import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { TransportFault } from "./fault";
import type { CertificateFiles } from "./place";
import type { RegistryCertificates, RegistryClientOptions } from "./types";

/** Whom to trust, and what to show, when speaking TLS to a host. */
export interface CertificateStore {
  /** Whether somebody has put down certificates for this very host (with its port): then it speaks TLS, loopback or not. */
  has(host: string): boolean;
  /** Takes files for a host, which come after the options and before the folders. */
  use(host: string, files: CertificateFiles): void;
  /** What to speak TLS with; undefined for what Node.js would take by itself. @throws TransportFault */
  contextFor(host: string): SecureContext | undefined;
}

type Settings = Pick<RegistryClientOptions, "certificates" | "certificateFolders" | "environment" | "home">;

/** The certificates for one host, and where they came from. */
interface Found {
  readonly place: string;
  readonly ca: readonly string[];
  readonly cert: readonly string[];
  readonly key: readonly string[];
}

/**
 * Certificates from the options, else from the first folder that has one for the host, in the layout that Docker and Podman
 * share (https://docs.docker.com/engine/security/certificates/): `HOST:PORT/*.crt` are trusted as authorities beside the
 * known ones, `NAME.cert` with `NAME.key` is shown to the registry. SSL_CERT_FILE is trusted besides, for every host.
 * A certificate and its key never go to another host than the one that they were put down for.
 */
export function createCertificateStore(settings: Settings): CertificateStore {
  const environment = settings.environment ?? process.env;
  const folders = settings.certificateFolders ?? standardFolders(settings.home ?? homedir());
  const given = new Map(Object.entries(settings.certificates ?? {}));
  const used = new Map<string, CertificateFiles>();
  const contexts = new Map<string, SecureContext | undefined>();
  const extra = once(() => bundleOf(environment["SSL_CERT_FILE"] ?? ""));
  /** For all hosts that have none of their own: a context takes its time to make. */
  const common = once(() => (extra().length === 0 ? undefined : contextOf(undefined, extra())));

  const folderOf = (host: string): string | undefined =>
    isFolderName(host)
      ? namesOf(host)
          .flatMap((name) => folders.map((folder) => join(folder, name)))
          .find((folder) => list(folder) !== undefined)
      : undefined;
  const optionOf = (host: string): RegistryCertificates | undefined =>
    namesOf(host)
      .map((name) => given.get(name))
      .find((option) => option !== undefined);
  const find = (host: string): Found | undefined => {
    const option = optionOf(host);
    if (option !== undefined) return fromOption(option);
    const files = used.get(host);
    if (files !== undefined) return fromFiles(files);
    const folder = folderOf(host);
    return folder === undefined ? undefined : fromFolder(folder);
  };

  return {
    has: (host) => optionOf(host) !== undefined || used.has(host) || folderOf(host) !== undefined,
    use: (host, files) => {
      if (used.has(host)) return;
      used.set(host, files);
      contexts.delete(host);
    },
    contextFor: (host) => {
      if (contexts.has(host)) return contexts.get(host);
      const found = find(host);
      const context = found === undefined ? common() : contextOf(found, extra());
      contexts.set(host, context);
      return context;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The user's before the system's, as Podman looks; Docker has the last alone, and the first where it runs without root. */
function standardFolders(home: string): readonly string[] {
  return [
    join(home, ".config", "docker", "certs.d"),
    join(home, ".config", "containers", "certs.d"),
    "/etc/containers/certs.d",
    "/etc/docker/certs.d",
  ];
}

/** Docker Hub is docker.io to those who write folders. */
function namesOf(host: string): readonly string[] {
  return host === "registry-1.docker.io" ? ["docker.io", host] : [host];
}

/** Hosts come from registries too (a redirect, a token service): none may lead out of the folder. */
function isFolderName(host: string): boolean {
  return /^[A-Za-z0-9[][A-Za-z0-9._:[\]-]*$/.test(host);
}

function fromOption({ ca, cert, key }: RegistryCertificates): Found {
  const place = "the client's options";
  if ((cert === undefined) !== (key === undefined)) throw unusable(place, "a certificate needs its key");
  const listed = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
  return { place, ca: listed(ca), cert: listed(cert), key: listed(key) };
}

function fromFiles({ ca, client }: CertificateFiles): Found {
  return {
    place: [...ca, ...client.flat()].join(", "),
    ca: ca.map(readPem),
    cert: client.map(([cert]) => readPem(cert)),
    key: client.map(([, key]) => readPem(key)),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(path, `cannot be read: ${codeOf(error)}`);
  }
}

function fromFolder(folder: string): Found {
  const names = list(folder) ?? [];
  const read = (name: string): string => readPem(join(folder, name));
  const pairs = names.filter((name) => name.endsWith(".cert"));
  for (const name of pairs) {
    if (!names.includes(keyName(name)))
      throw unusable(join(folder, name), `has no ${keyName(name)} beside it`);
  }
  return {
    place: folder,
    ca: names.filter((name) => name.endsWith(".crt")).map(read),
    cert: pairs.map(read),
    key: pairs.map((name) => read(keyName(name))),
  };
}

function keyName(cert: string): string {
  return `${cert.slice(0, -".cert".length)}.key`;
}

/** One context for all connections to a host: reading the authorities anew for each would cost more than the handshake. */
function contextOf(found: Found | undefined, extra: readonly string[]): SecureContext {
  const authorities = [...(found?.ca ?? []), ...extra];
  const { cert = [], key = [], place = "SSL_CERT_FILE" } = found ?? {};
  try {
    return createSecureContext({
      ...(authorities.length === 0 ? {} : { ca: [...getCACertificates("default"), ...authorities] }),
      ...(cert.length === 0 ? {} : { cert: [...cert], key: [...key] }),
    });
  } catch (error) {
    // OpenSSL's own message might quote what it read.
    throw unusable(place, `holds something that is no certificate or key (${codeOf(error)})`);
  }
}

/** A bundle that is not there is no bundle, as it is to OpenSSL and Go. */
function bundleOf(path: string): readonly string[] {
  if (path === "") return [];
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    return [];
  }
}

function list(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch {
    return undefined;
  }
}

function unusable(place: string, what: string): TransportFault {
  return new TransportFault("tls", `could not be sent: ${place} ${what}`, false);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
