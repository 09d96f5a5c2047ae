import { posix } from "node:path";
import { parseDotenv } from "./dotenv";
import { inlineFindings } from "./inline-text";
import { interpolatedFinding } from "./interpolated-text";
import type { Variable } from "./interpolation";
import type { Finding } from "./located";
import { pathOf } from "./property-path";
import type { SourceContext, SourceFormat } from "./source";
import { hasExtension, hasTopLevel } from "./top-level";
import { entriesOf, fieldOf, isObject } from "./values";
import { textOf } from "./walked";
import { yamlDocuments, type YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

/** How far `extends` is followed. */
const maxExtends = 16;
const contextPrefix = "docker-image://";

/**
 * Compose files (https://docs.docker.com/reference/compose-file/services/): the images of services, image volumes, the contexts of
 * a build that are images, and Dockerfiles written inline. A service that is built names its result with `image`: there is nothing
 * to pin. Variables are filled in from `.env` beside the file and from outside.
 *
 * @param dockerfile reads the Dockerfiles that are written inline.
 */
export function compose(dockerfile?: SourceFormat): SourceFormat {
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
      return readYaml(text, (document) => {
        const services = fieldOf(document.value, "services");
        return entriesOf(services).flatMap(([name, service]) =>
          new Service(document, context, variable, name, service).findings(dockerfile),
        );
      });
    },
  };
}

function variablesOf(context: SourceContext): (name: string) => Variable | undefined {
  const outside = (name: string): string | undefined =>
    context.variables !== undefined && Object.hasOwn(context.variables, name)
      ? context.variables[name]
      : undefined;
  let file: ReadonlyMap<string, string> | undefined;
  return (name) => {
    const given = outside(name);
    if (given !== undefined) return { value: given, from: "the environment" };
    file ??= parseDotenv(context.beside(".env") ?? "", outside);
    const value = file.get(name);
    return value === undefined ? undefined : { value, from: ".env" };
  };
}

class Service {
  constructor(
    private readonly document: YamlDocument,
    private readonly context: SourceContext,
    private readonly variable: (name: string) => Variable | undefined,
    private readonly name: string | number,
    private readonly service: unknown,
  ) {}

  findings(dockerfile: SourceFormat | undefined): readonly Finding[] {
    const { service } = this;
    if (!isObject(service)) return [];
    const isBuilt = isBuiltIn(service, this.document.value, this.context, ".", 0);
    const volumes = entriesOf(fieldOf(service, "volumes")).flatMap(([index, volume]) =>
      fieldOf(volume, "type") === "image" ? [["volumes", index, "source"]] : [],
    );
    return [
      ...(isBuilt ? [] : this.reference(["image"])),
      ...volumes.flatMap((keys) => this.reference(keys)),
      ...this.contexts(),
      ...this.inline(dockerfile),
    ];
  }

  private reference(keys: readonly (string | number)[], prefix = ""): readonly Finding[] {
    const slot = this.document.slot(["services", this.name, ...keys]);
    const scalar = slot && textOf(this.document, slot);
    // "!reset" takes away what another file says.
    if (scalar === undefined || scalar.value === "" || slot?.node.tag === "!reset") return [];
    const finding = interpolatedFinding(
      pathOf(["services", this.name, ...keys]),
      scalar,
      this.variable,
      prefix,
    );
    return finding === undefined ? [] : [finding];
  }

  /** `additional_contexts`, a map or a list of `name=value`. */
  private contexts(): readonly Finding[] {
    const contexts = fieldOf(fieldOf(this.service, "build"), "additional_contexts");
    return entriesOf(contexts).flatMap(([key, value]) => {
      if (typeof value !== "string") return [];
      const isList = Array.isArray(contexts);
      const prefix = isList ? `${value.slice(0, value.indexOf("=") + 1)}${contextPrefix}` : contextPrefix;
      if (!value.startsWith(prefix)) return [];
      return this.reference(["build", "additional_contexts", key], prefix);
    });
  }

  private inline(dockerfile: SourceFormat | undefined): readonly Finding[] {
    const keys = ["services", this.name, "build", "dockerfile_inline"];
    const slot = this.document.slot(keys);
    const scalar = slot && textOf(this.document, slot);
    if (scalar === undefined || dockerfile === undefined) return [];
    return inlineFindings(pathOf(keys), scalar, dockerfile, this.context);
  }
}

/** Whether a service is built, by itself or through what it extends. */
function isBuiltIn(
  service: object,
  file: unknown,
  context: SourceContext,
  folder: string,
  depth: number,
): boolean {
  if (isObject(fieldOf(service, "build")) || typeof fieldOf(service, "build") === "string") return true;
  const base = fieldOf(service, "extends");
  const name = typeof base === "string" ? base : fieldOf(base, "service");
  const path = fieldOf(base, "file");
  if (typeof name !== "string" || depth >= maxExtends) return false;
  const [there, beside] =
    typeof path === "string" ? [posix.join(folder, path), undefined] : [undefined, file];
  const other = there === undefined ? beside : otherFile(context, there);
  const extended = fieldOf(fieldOf(other, "services"), name);
  return (
    isObject(extended) &&
    isBuiltIn(extended, other, context, there === undefined ? folder : posix.dirname(there), depth + 1)
  );
}

function otherFile(context: SourceContext, path: string): unknown {
  const text = context.beside(path);
  if (text === undefined) return undefined;
  const [document] = Array.from(yamlDocuments(text)).slice(0, 1);
  return document !== undefined && "value" in document ? document.value : undefined;
}
