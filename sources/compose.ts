import { posix } from "node:path";
import { imageVariable } from "../resources";
import { isBuilt } from "./compose-extends";
import { inlineDockerfile, type DockerfileImages } from "./compose-inline";
import { variablesOf } from "./compose-variables";
import { interpolatedFinding } from "./interpolated-text";
import type { Variable } from "./interpolation";
import { isPointed, type Finding } from "./located";
import { pathOf } from "./property-path";
import type { SourceContext, SourceFormat } from "./source";
import { hasExtension, hasTopLevel } from "./top-level";
import { entriesOf, fieldOf, isObject, valueAt } from "./values";
import { textOf } from "./slots";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const contextPrefix = "docker-image://";
const filePrefix = "oci://";

/**
 * Compose files (https://docs.docker.com/reference/compose-file/services/): the images of services, image volumes, the contexts of
 * a build that are images, Dockerfiles written inline, and Compose files that come from a registry. A service that is built names
 * its result with `image`: there is nothing to pin. Models, and variables and arguments that are named for images, are advice.
 * Variables are filled in from `.env` beside the file and from outside.
 *
 * @param dockerfile reads the Dockerfiles that are written inline.
 */
export function compose(dockerfile?: DockerfileImages): SourceFormat {
  return {
    name: "compose",

    claims(path, text) {
      if (!hasExtension(path, "yaml", "yml", "json")) return false;
      if (/^(?:docker-)?compose[^/]*\.ya?ml$/i.test(posix.basename(path))) return true;
      return (
        hasTopLevel(text(), "services") &&
        /image|build|extends/.test(text()) &&
        !hasTopLevel(text(), "apiVersion", "kind")
      );
    },

    read: (text, context) => {
      const variable = variablesOf(context);
      return readYaml(text, (document) =>
        new ComposeFile(document, context, variable, dockerfile).findings(),
      );
    },
  };
}

class ComposeFile {
  constructor(
    private readonly document: YamlDocument,
    private readonly context: SourceContext,
    private readonly variable: (name: string) => Variable | undefined,
    private readonly dockerfile: DockerfileImages | undefined,
  ) {}

  findings(): readonly Finding[] {
    const entries = (name: string): readonly Key[] =>
      entriesOf(fieldOf(this.document.value, name)).map(([key]) => key);
    return [
      ...entries("services").flatMap((name) => this.service(["services", name])),
      ...entries("include").flatMap((index) => this.include(["include", index])),
      ...entries("models").flatMap((name) => this.advice(this.reference(["models", name, "model"]))),
    ];
  }

  private service(at: readonly Key[]): readonly Finding[] {
    const service = valueAt(this.document.value, at);
    if (!isObject(service)) return [];
    const volumes = entriesOf(fieldOf(service, "volumes")).flatMap(([index, volume]) =>
      fieldOf(volume, "type") === "image" ? [[...at, "volumes", index, "source"]] : [],
    );
    const builds = !this.isReset([...at, "build"]) && isBuilt(service, this.document.value, this.context);
    return [
      ...(builds ? [] : this.reference([...at, "image"])),
      ...volumes.flatMap((keys) => this.reference(keys)),
      ...this.reference([...at, "extends", "file"], filePrefix),
      ...this.advice(this.named([...at, "environment"], (name) => imageVariable.test(name))),
      ...this.build([...at, "build"]),
    ];
  }

  private build(at: readonly Key[]): readonly Finding[] {
    const build = valueAt(this.document.value, at);
    const inline = fieldOf(build, "dockerfile_inline");
    const contexts = pairsOf(fieldOf(build, "additional_contexts"));
    const args = [...at, "args"];
    // What FROM takes whole from an argument that is given here is built from, whatever the argument's default.
    const taken = typeof inline === "string" ? wholeArguments(inline) : new Set<string>();
    const given = pairsOf(valueAt(this.document.value, args)).filter(({ name }) => taken.has(name));
    const names = new Set(given.map(({ name }) => name));
    return [
      ...contexts.flatMap(({ start, key }) =>
        this.reference([...at, "additional_contexts", key], `${start}${contextPrefix}`),
      ),
      ...given.flatMap(({ start, key }) => this.reference([...args, key], start)),
      ...this.advice(this.named(args, (name) => imageVariable.test(name) && !taken.has(name))),
      ...this.inline([...at, "dockerfile_inline"], new Set(contexts.map(({ name }) => name))).filter(
        ({ path, state }) => state.kind !== "unreadable" || !names.has(wholeArgument.exec(path)?.[1] ?? ""),
      ),
    ];
  }

  /** Values that look like images, of a map or a list of `NAME=value`. */
  private named(at: readonly Key[], isWanted: (name: string) => boolean): readonly Finding[] {
    return pairsOf(valueAt(this.document.value, at))
      .filter(({ name }) => isWanted(name))
      .flatMap(({ start, key }) => this.reference([...at, key], start))
      .filter(({ state }) => isPointed(state));
  }

  /** A path, several that are merged, or an object with one of them. */
  private include(at: readonly Key[]): readonly Finding[] {
    const value = valueAt(this.document.value, at);
    if (isObject(value)) return this.include([...at, "path"]);
    if (!Array.isArray(value)) return this.reference(at, filePrefix);
    return value.flatMap((_, index) => this.reference([...at, index], filePrefix));
  }

  private inline(keys: readonly Key[], contexts: ReadonlySet<string>): readonly Finding[] {
    const slot = this.document.slot(keys);
    const scalar = slot && textOf(this.document, slot);
    if (scalar === undefined || this.dockerfile === undefined) return [];
    return inlineDockerfile(pathOf(keys), scalar, this.variable, contexts, this.dockerfile);
  }

  private reference(keys: readonly Key[], prefix = ""): readonly Finding[] {
    const slot = this.document.slot(keys);
    const scalar = slot && textOf(this.document, slot);
    if (scalar === undefined || scalar.value === "" || this.isReset(keys)) return [];
    if (!scalar.value.startsWith(prefix)) return [];
    const finding = interpolatedFinding(pathOf(keys), scalar, this.variable, prefix);
    return finding === undefined ? [] : [finding];
  }

  /** Whether a value takes away what another file says (https://docs.docker.com/reference/compose-file/merge/#reset-value). */
  private isReset(keys: readonly Key[]): boolean {
    return this.document.slot(keys)?.node.tag === "!reset";
  }

  private advice(findings: readonly Finding[]): readonly Finding[] {
    return findings.map((finding) => ({ ...finding, advice: true }));
  }
}

/** `FROM $BASE`, at the end of a path. */
const wholeArgument = /FROM ["']?\$\{?(\w+)\}?["']?$/;

/** The arguments that a Dockerfile takes whole references from; one dollar of two is for Compose. */
function wholeArguments(dockerfile: string): ReadonlySet<string> {
  const lines = dockerfile.matchAll(/^\s*FROM\s+(?:--\S+\s+)*["']?\$\$\{?(\w+)\}?["']?(?=\s|$)/gim);
  return new Set([...lines].map(([, name = ""]) => name));
}

/** A map, or a list of `name=value`: the names, and what stands in front of each value. */
function pairsOf(
  value: unknown,
): readonly { readonly name: string; readonly start: string; readonly key: Key }[] {
  return entriesOf(value).flatMap(([key, item]) => {
    if (!Array.isArray(value)) return [{ name: String(key), start: "", key }];
    if (typeof item !== "string" || !item.includes("=")) return [];
    const name = item.slice(0, item.indexOf("="));
    return [{ name, start: `${name}=`, key }];
  });
}
