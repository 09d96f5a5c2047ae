import type { Finding } from "./located";
import type { SourceFormat } from "./source";
import { referenceAt } from "./text-finding";
import { entriesOf, fieldOf, isObject, valueAt } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = `write the reference itself, or list whole references under "strategy.matrix"`;
/** The runner takes it in any case. */
const scheme = /^docker:\/\//i;
/** `matrix.image`, `matrix.target.image`, `matrix['image']`. */
const matrixValue = /^\$\{\{\s*matrix((?:\.[\w-]+|\['[^']+'\])+)\s*\}\}$/;

/**
 * GitHub workflows and actions
 * (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax): the containers and services of jobs, steps
 * that use `docker://`, and the image of an action. A value of the job's matrix is found where the matrix says it.
 */
export const github: SourceFormat = {
  name: "github",

  claims: (path) =>
    /(?:^|\/)(?:\.(?:github|gitea|forgejo)\/workflows|workflow-templates)\/[^/]+\.ya?ml$|(?:^|\/)action\.ya?ml$/i.test(
      path,
    ),

  read: (text) =>
    readYaml(text, (document) => [
      ...entriesOf(fieldOf(document.value, "jobs")).flatMap(([name, job]) =>
        jobImages(document, ["jobs", name], job),
      ),
      ...used(document, ["runs", "image"]),
      ...stepImages(document, ["runs"]),
    ]),
};

function jobImages(document: YamlDocument, at: readonly Key[], job: unknown): readonly Finding[] {
  if (!isObject(job)) return [];
  const container = fieldOf(job, "container");
  const places = [
    isObject(container) ? [...at, "container", "image"] : [...at, "container"],
    ...entriesOf(fieldOf(job, "services")).map(([name]) => [...at, "services", name, "image"]),
  ];
  return [
    ...places.flatMap((keys) => fromMatrix(document, at, keys) ?? referenceAt(document, keys, fix)),
    ...stepImages(document, at),
  ];
}

function stepImages(document: YamlDocument, at: readonly Key[]): readonly Finding[] {
  return entriesOf(valueAt(document.value, [...at, "steps"])).flatMap(([index]) =>
    used(document, [...at, "steps", index, "uses"]),
  );
}

/** What is used as an action: an image only behind the scheme. */
function used(document: YamlDocument, keys: readonly Key[]): readonly Finding[] {
  const text = valueAt(document.value, keys);
  const prefix = typeof text === "string" ? scheme.exec(text)?.[0] : undefined;
  return prefix === undefined ? [] : referenceAt(document, keys, fix, prefix);
}

/** The images that the matrix of a job lists; undefined for what is no value of it, or of one that is known only later. */
function fromMatrix(
  document: YamlDocument,
  job: readonly Key[],
  keys: readonly Key[],
): readonly Finding[] | undefined {
  const text = valueAt(document.value, keys);
  const [, way] = typeof text === "string" ? (matrixValue.exec(text) ?? []) : [];
  if (way === undefined) return undefined;
  const [name = "", ...within] = [...way.matchAll(/[\w-]+|(?<=')[^']+(?=')/g)].map(([step]) => step);
  const matrix = [...job, "strategy", "matrix"];
  const listed = valueAt(document.value, [...matrix, name]);
  const included = valueAt(document.value, [...matrix, "include"]);
  if (
    (listed !== undefined && !Array.isArray(listed)) ||
    (included !== undefined && !Array.isArray(included))
  ) {
    return undefined;
  }
  const places = [
    ...entriesOf(listed).map(([index]) => [...matrix, name, index, ...within]),
    ...entriesOf(included).map(([index]) => [...matrix, "include", index, name, ...within]),
  ];
  const found = places.flatMap((place) => referenceAt(document, place, fix));
  return found.length === 0 ? undefined : found;
}
