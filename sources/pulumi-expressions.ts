import { filledFinding } from "./interpolated-text";
import type { Interpolated } from "./interpolation";
import type { Finding } from "./located";
import { pathOf } from "./property-path";
import { referenceAt } from "./text-finding";
import { isObject, valueAt } from "./values";
import { spanOf, textOf } from "./slots";
import type { Key, YamlDocument } from "./yaml-documents";

/** How far variables that name variables are followed. */
const maxDepth = 16;
/** More than any reference has. */
const maxLength = 4_096;
const expression = /\$\$\{|\$\{([^}]*)\}/g;
/** A variable alone; what is behind a dot or in brackets is a property, which is known only later. */
const nameAlone = /^[A-Za-z_$][\w$:-]*$/;

const later: Pick<Finding, "state" | "fixed"> = {
  state: { kind: "unknown" },
  fixed: {
    reason: "is what another resource makes of it, which is known only when the program runs",
    fix: "leave it to the policy pack, which looks at it then",
  },
};

/**
 * Finds what the expressions of a program in Pulumi YAML mean
 * (https://www.pulumi.com/docs/iac/languages-sdks/yaml/yaml-language-reference/): `${name}` stands for a variable, or for the default
 * of a configuration value, which a stack may replace.
 *
 * @param scope where the sections of the program, or of a component, stand.
 */
export class Expressions {
  private readonly known = new Map<string, string | undefined>();

  constructor(
    private readonly document: YamlDocument,
    private readonly scope: readonly Key[],
    private readonly fix: string,
  ) {}

  /** The images of a text with expressions in it; undefined for one without, or where one of them is not known. */
  images(keys: readonly Key[], depth = 0): readonly Finding[] | undefined {
    const text = valueAt(this.document.value, keys);
    if (typeof text !== "string" || !text.includes("${")) return undefined;
    const [, name] = /^\$\{([^}]*)\}$/.exec(text) ?? [];
    const slot = this.document.slot(keys);
    const scalar = slot && textOf(this.document, slot);
    if (name !== undefined) {
      if (slot !== undefined && this.isOutput(name)) {
        return [{ path: pathOf(keys), ...spanOf(this.document, slot, scalar), ...later }];
      }
      const place = depth < maxDepth ? this.place(name) : undefined;
      return place && (this.images(place, depth + 1) ?? referenceAt(this.document, place, this.fix));
    }
    const filled = this.filledIn(text);
    if (scalar === undefined || filled?.kind !== "text") return undefined;
    const finding = filledFinding(pathOf(keys), scalar, filled);
    return finding && [finding];
  }

  /** Whether a name is a property of a resource of the program, which is an image of its own there. */
  private isOutput(name: string): boolean {
    const [, resource] = /^([A-Za-z_$][\w$-]*)[.[]/.exec(name) ?? [];
    return resource !== undefined && this.document.slot([...this.scope, "resources", resource]) !== undefined;
  }

  private place(name: string): readonly Key[] | undefined {
    if (!nameAlone.test(name)) return undefined;
    const found = [
      ["variables", name],
      ["config", name],
      ["configuration", name],
      ["inputs", name],
    ]
      .map((keys) => [...this.scope, ...keys])
      .find((keys) => this.document.slot(keys) !== undefined);
    const value = found && valueAt(this.document.value, found);
    if (found === undefined || !isObject(value)) return typeof value === "string" ? found : undefined;
    return ["value", "default"]
      .map((field) => [...found, field])
      .find((keys) => typeof valueAt(this.document.value, keys) === "string");
  }

  /** What a variable says, with the variables in it filled in; undefined where that is not known. */
  private value(name: string): string | undefined {
    if (!this.known.has(name)) {
      // One that is made of itself is none.
      this.known.set(name, undefined);
      const place = this.place(name);
      const written = place && valueAt(this.document.value, place);
      const filled = typeof written === "string" ? this.filledIn(written) : undefined;
      if (filled?.kind === "text") this.known.set(name, filled.text);
    }
    return this.known.get(name);
  }

  private filledIn(text: string): Interpolated | undefined {
    const [parts, origins, used] = [
      new Array<string>(),
      new Array<number | undefined>(),
      new Map<string, string>(),
    ];
    const add = (part: string, from?: number): void => {
      parts.push(part);
      for (let index = 0; index < part.length; index++)
        origins.push(from === undefined ? undefined : from + index);
    };
    let from = 0;
    for (const { index, 0: whole, 1: name } of text.matchAll(expression)) {
      add(text.slice(from, index), from);
      from = index + whole.length;
      if (name === undefined) {
        add("${", index + 1);
        continue;
      }
      const value = this.value(name);
      if (value === undefined || origins.length + value.length > maxLength) return undefined;
      used.set(name, pathOf(this.place(name) ?? []));
      add(value);
    }
    add(text.slice(from), from);
    return { kind: "text", text: parts.join(""), origins, used };
  }
}
