/** Files with certificates in PEM, by absolute paths. */
export interface CertificateFiles {
  /** Authorities to trust, beside those that are trusted anyway. */
  readonly ca: readonly string[];
  /** Certificates to show, each with the file of its key, which may be the same. */
  readonly client: readonly (readonly [cert: string, key: string])[];
}

/** A place that holds images of a registry: the registry itself, or a mirror of it. */
export interface Place {
  /** Host, and port if there is one. */
  readonly registry: string;
  /** The repository's path there. */
  readonly repository: string;
  /** Whether the configuration lets it be spoken to over plain http. */
  readonly insecure: boolean;
  /** What it may be asked for: a tag at a mirror may be stale. */
  readonly serves: "all" | "digests" | "tags" | "none";
  /** The registry that a mirror of many is asked about (`?ns=`, containerd's docs/hosts.md). */
  readonly namespace?: string;
  /** Where its API begins. Default: `/v2`. */
  readonly root?: string;
  /** What is put down for it where it is named, beside what lies in the folders of certificates. */
  readonly certificates?: CertificateFiles;
}

/** Where a repository's images are. */
export interface Places {
  /** In the order in which they are to be asked. */
  readonly mirrors: readonly Place[];
  /** The registry itself, possibly moved by configuration. */
  readonly upstream: Place;
}

/** A registry as references name it, which is where its images are unless a configuration says otherwise. */
export function registryItself(registry: string, repository: string): Place {
  return { registry, repository, insecure: false, serves: "all" };
}
