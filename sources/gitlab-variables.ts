import { followed } from "./gitlab-reference";
import { interpolate, type Variable } from "./interpolation";
import { pathOf } from "./property-path";
import { entriesOf, fieldOf, isObject, valueAt } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";

/** More than any reference has. */
const maxLength = 4_096;
/** More than any job extends: GitLab nests them eleven deep. */
const maxBases = 100;

/**
 * The variables that a file gives to one of its jobs: those of the job, of the jobs that it extends, and of the file
 * (https://docs.gitlab.com/ci/variables/#cicd-variable-precedence). A project may set others with the same names: that is outside.
 */
export class JobVariables {
  private readonly known = new Map<string, Variable | undefined>();
  /** The job, and those that it extends. */
  private readonly jobs: readonly (readonly Key[])[];

  constructor(
    private readonly document: YamlDocument,
    private readonly job: readonly Key[],
  ) {
    this.jobs = jobsOf(document, job);
  }

  /** Where a field of the job stands: in itself, in a job that it extends, in the defaults, or at the top of the file. */
  inherited(field: string): readonly Key[] {
    const found = [...this.jobs, ["default"], []]
      .map((owner) => [...owner, field])
      .find((keys) => this.document.slot(keys) !== undefined);
    return found ?? [...this.job, field];
  }

  /** Where a variable is set: in one place, or in each entry of the job's matrix. */
  places(name: string): readonly (readonly Key[])[] {
    const listed = this.inMatrix(name);
    if (listed.length > 0) return listed;
    const place = [...this.jobs, []]
      .map((owner) => [
        ...(followed(this.document, [...owner, "variables"]) ?? [...owner, "variables"]),
        name,
      ])
      .find((keys) => this.document.slot(keys) !== undefined);
    if (place === undefined) return [];
    return [isObject(valueAt(this.document.value, place)) ? [...place, "value"] : place];
  }

  /** What a variable says, with the variables in it filled in; undefined where that is not known, or not one value. */
  readonly variable = (name: string): Variable | undefined => {
    if (!this.known.has(name)) {
      // One that is made of itself is none.
      this.known.set(name, undefined);
      this.known.set(name, this.filledIn(name));
    }
    return this.known.get(name);
  };

  private filledIn(name: string): Variable | undefined {
    const [place, ...others] = this.places(name);
    if (place === undefined || others.length > 0) return undefined;
    const value = valueAt(this.document.value, place);
    if (typeof value !== "string" || value.length > maxLength) return undefined;
    const result = interpolate(value, this.variable);
    if (result.kind !== "text" || result.text.length > maxLength) return undefined;
    return { value: result.text, from: pathOf(place) };
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

/** The names of the jobs that a job extends, in their order. */
export function basesOf(job: unknown): readonly string[] {
  const bases = fieldOf(job, "extends");
  const names: readonly unknown[] = Array.isArray(bases) ? bases : [bases];
  return names.filter((name) => typeof name === "string");
}

/** A job, and the jobs of this file that it extends, the nearest first; each once. */
function jobsOf(document: YamlDocument, job: readonly Key[]): readonly (readonly Key[])[] {
  const [found, seen] = [new Array<readonly Key[]>(), new Set<string>()];
  const visit = (at: readonly Key[]): void => {
    const name = String(at[0]);
    if (at.length === 0 || seen.has(name) || found.length >= maxBases) return;
    seen.add(name);
    found.push(at);
    // Of several, the last counts most.
    for (const base of [...basesOf(valueAt(document.value, at))].reverse()) visit([base]);
  };
  visit(job);
  return found;
}
