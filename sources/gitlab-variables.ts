import { followed } from "./gitlab-reference";
import { interpolate, type Variable } from "./interpolation";
import { pathOf } from "./property-path";
import { entriesOf, fieldOf, isObject, valueAt } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";

/** How deep variables may be made of variables. */
const maxDepth = 10;

/**
 * The variables that a file gives to one of its jobs: those of the job, of the jobs that it extends, and of the file
 * (https://docs.gitlab.com/ci/variables/#cicd-variable-precedence). A project may set others with the same names: that is outside.
 */
export class JobVariables {
  private readonly owners: readonly (readonly Key[])[];

  constructor(
    private readonly document: YamlDocument,
    private readonly job: readonly Key[],
  ) {
    this.owners = [...jobsOf(document, job), []];
  }

  /** Where a variable is set: in one place, or in each entry of the job's matrix. */
  places(name: string): readonly (readonly Key[])[] {
    const listed = this.inMatrix(name);
    if (listed.length > 0) return listed;
    const place = this.owners
      .map((owner) => [
        ...(followed(this.document, [...owner, "variables"]) ?? [...owner, "variables"]),
        name,
      ])
      .find((keys) => this.document.slot(keys) !== undefined);
    if (place === undefined) return [];
    return [isObject(valueAt(this.document.value, place)) ? [...place, "value"] : place];
  }

  /** What a variable says, with the variables in it filled in; undefined where that is not known, or not one value. */
  readonly variable = (name: string): Variable | undefined => this.filledIn(name, 0);

  private filledIn(name: string, depth: number): Variable | undefined {
    const [place, ...others] = this.places(name);
    if (place === undefined || others.length > 0 || depth > maxDepth) return undefined;
    const value = valueAt(this.document.value, place);
    if (typeof value !== "string") return undefined;
    const result = interpolate(value, (inner) => this.filledIn(inner, depth + 1));
    return result.kind === "text" ? { value: result.text, from: pathOf(place) } : undefined;
  }

  private inMatrix(name: string): readonly (readonly Key[])[] {
    const matrix = [...this.job, "parallel", "matrix"];
    return entriesOf(valueAt(this.document.value, matrix)).flatMap(([index, entry]) => {
      const [keys, value] = [[...matrix, index, name], fieldOf(entry, name)];
      if (Array.isArray(value)) return value.map((_, position) => [...keys, position]);
      return value === undefined ? [] : [keys];
    });
  }
}

/** A job, and the jobs of this file that it extends, the nearest first; each once. */
function jobsOf(document: YamlDocument, job: readonly Key[]): readonly (readonly Key[])[] {
  const [found, seen] = [new Array<readonly Key[]>(), new Set<string>()];
  const visit = (at: readonly Key[]): void => {
    const name = String(at[0]);
    if (at.length === 0 || seen.has(name)) return;
    seen.add(name);
    found.push(at);
    const bases = fieldOf(valueAt(document.value, at), "extends");
    const names: readonly unknown[] = Array.isArray(bases) ? bases : [bases];
    // Of several, the last counts most.
    for (const base of [...names].reverse()) if (typeof base === "string") visit([base]);
  };
  visit(job);
  return found;
}
