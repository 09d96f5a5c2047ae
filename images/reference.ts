import { parseDigest, type Digest } from "./digest";
import { ImageReferenceError, quote } from "./error";

/**
 * An image reference, normalised as Docker does it (`nginx` is `docker.io/library/nginx`). The grammar is that of
 * https://github.com/distribution/reference (ParseNormalizedNamed): a tag and a digest may stand side by side, and no
 * `latest` is added. One difference: `a_b.c/app`, whose first component means to be a host and is none, is refused;
 * ParseNormalizedNamed gives it an empty host, which no registry can serve.
 */
export interface ImageReference {
  /** The text as it was written. */
  readonly original: string;
  /** The name as it was written: `original` without tag and digest. */
  readonly name: string;
  /** The host, with its port if there is one: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** The path within the registry: `library/nginx`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
  /** The normalised form: `docker.io/library/nginx:1.27@sha256:…`. */
  toString(): string;
}

/** RepositoryNameTotalLengthMax of distribution/reference. */
const maxRepository = 255;
const maxTag = 128;

// Both have one way to match at every character, and see a text only after its length has been checked.
const pathComponent = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]*$/;

/**
 * Reads an image reference. Linear in the length of the text.
 *
 * @throws ImageReferenceError whose code says which rule is broken and whose part is the offending part.
 */
export function parseImageReference(text: string): ImageReference {
  if (text === "") throw fail("empty", "is empty", "");
  if (/^\s|\s$/.test(text)) throw fail("whitespace", "has white space around it", text);
  const scheme = /^[a-z][a-z0-9+.-]{0,20}:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) {
    throw fail("url", `is a URL; an image reference has no "${scheme}"`, scheme);
  }

  const at = text.indexOf("@");
  const named = at === -1 ? text : text.slice(0, at);
  if (/\s/.test(named)) throw fail("whitespace", "has white space in its name or tag", named);
  // Only the bare 64 digits: with a tag or a digest behind them they are a name like any other.
  if (/^[0-9a-f]{64}$/.test(text)) {
    throw fail("bare-hex", "is 64 hex digits, an image ID and no reference", text);
  }

  const { registry, rest } = splitRegistry(named);
  const colon = rest.indexOf(":");
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  const repository =
    registry === "docker.io" && path !== "" && !path.includes("/") ? `library/${path}` : path;

  checkRegistry(registry);
  checkRepository(path, repository);
  if (tag !== undefined) checkTag(tag);
  const digest = at === -1 ? undefined : parseDigest(text.slice(at + 1));

  const written = tag === undefined ? named : named.slice(0, named.length - tag.length - 1);
  return new Reference(text, written, registry, repository, tag, digest);
}

/** Docker's rule: the first component is a host when it has a dot or a colon, is `localhost`, or has an upper-case letter. */
function splitRegistry(named: string): { registry: string; rest: string } {
  const slash = named.indexOf("/");
  const first = slash === -1 ? "" : named.slice(0, slash);
  const isHost =
    slash !== -1 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  if (!isHost) return { registry: "docker.io", rest: named };
  return { registry: first === "index.docker.io" ? "docker.io" : first, rest: named.slice(slash + 1) };
}

function checkRegistry(registry: string): void {
  const bracket = registry.lastIndexOf("]");
  const colon = registry.indexOf(":", bracket + 1);
  const host = colon === -1 ? registry : registry.slice(0, colon);
  if (colon !== -1 && !/^[0-9]+$/.test(registry.slice(colon + 1))) {
    const port = registry.slice(colon + 1);
    throw fail("port-invalid", `has the port ${quote(port)}, which is no number`, port);
  }
  const valid = host.startsWith("[") ? isIpv6(host) : host.split(".").every(isHostLabel);
  if (!valid) throw fail("registry-invalid", `has ${quote(host)} where a registry host was expected`, host);
}

/** The grammar's IPv6: hex digits and colons between brackets, no zone, no dotted IPv4 tail. */
function isIpv6(host: string): boolean {
  const address = host.slice(1, -1);
  return host.endsWith("]") && address !== "" && !/[^0-9a-fA-F:]/.test(address);
}

function isHostLabel(label: string): boolean {
  return label !== "" && !/[^a-zA-Z0-9-]/.test(label) && !label.startsWith("-") && !label.endsWith("-");
}

function checkRepository(path: string, repository: string): void {
  if (path === "") throw fail("repository-empty", "has no repository", "");
  if (repository.length > maxRepository) {
    throw fail(
      "repository-too-long",
      `has a repository of ${repository.length} characters; ${maxRepository} are allowed`,
      repository,
    );
  }
  for (const component of path.split("/")) {
    if (pathComponent.test(component)) continue;
    if (component === "") throw fail("repository-empty", "has an empty part in its repository", path);
    if (/[A-Z]/.test(component) && pathComponent.test(component.toLowerCase())) {
      throw fail("repository-uppercase", `has upper case in its repository: ${quote(component)}`, component);
    }
    throw fail(
      "repository-invalid",
      `has ${quote(component)} in its repository, which the grammar does not allow`,
      component,
    );
  }
}

function checkTag(tag: string): void {
  if (tag === "") throw fail("tag-empty", `has nothing behind ":"; a tag was expected`, "");
  if (tag.length > maxTag) {
    throw fail("tag-too-long", `has a tag of ${tag.length} characters; ${maxTag} are allowed`, tag);
  }
  if (!tagPattern.test(tag)) {
    throw fail("tag-invalid", `has the tag ${quote(tag)}, which the grammar does not allow`, tag);
  }
}

function fail(...args: ConstructorParameters<typeof ImageReferenceError>): ImageReferenceError {
  return new ImageReferenceError(...args);
}

class Reference implements ImageReference {
  declare readonly tag?: string;
  declare readonly digest?: Digest;

  constructor(
    readonly original: string,
    readonly name: string,
    readonly registry: string,
    readonly repository: string,
    tag: string | undefined,
    digest: Digest | undefined,
  ) {
    if (tag !== undefined) this.tag = tag;
    if (digest !== undefined) this.digest = digest;
  }

  toString(): string {
    const tag = this.tag === undefined ? "" : `:${this.tag}`;
    const digest = this.digest === undefined ? "" : `@${this.digest}`;
    return `${this.registry}/${this.repository}${tag}${digest}`;
  }
}
