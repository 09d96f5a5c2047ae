import type { Finding } from "./located";
import type { SourceFormat } from "./source";
import { referenceAt } from "./text-finding";
import { entriesOf, fieldOf, isObject, valueAt } from "./values";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = `write the reference itself, or name a variable that stands under "variables" of this file`;
const wholeVariable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;
/** Names at the top that are no jobs. */
const keywords: ReadonlySet<string | number> = new Set([
  "variables",
  "stages",
  "workflow",
  "include",
  "cache",
  "spec",
]);

/**
 * GitLab CI (https://docs.gitlab.com/ci/yaml/#image): the image and the services of jobs, of `default` and of the file. A variable
 * of this file that is the whole reference is found where it is set.
 */
export const gitlab: SourceFormat = {
  name: "gitlab",

  claims: (path) => /(?:^|[/.])gitlab-ci\.ya?ml$|(?:^|\/)\.gitlab\/(?:ci|pipelines)\/.+\.ya?ml$/i.test(path),

  read: (text) =>
    readYaml(text, (document) => {
      const jobs = entriesOf(document.value).filter(([name, job]) => !keywords.has(name) && isObject(job));
      return [
        ...imagesOf(document, []),
        ...jobs.flatMap(([name]) => (name === "image" ? [] : imagesOf(document, [name]))),
      ];
    }),
};

function imagesOf(document: YamlDocument, at: readonly Key[]): readonly Finding[] {
  const job = valueAt(document.value, at);
  const place = (value: unknown, keys: readonly Key[]): readonly Key[] =>
    isObject(value) ? [...at, ...keys, "name"] : [...at, ...keys];
  const services = fieldOf(job, "services");
  return [
    place(fieldOf(job, "image"), ["image"]),
    ...entriesOf(Array.isArray(services) ? services : undefined).map(([index, service]) =>
      place(service, ["services", index]),
    ),
  ].flatMap((keys) => fromVariable(document, at, keys) ?? referenceAt(document, keys, fix));
}

/** The variable of the job, or else of the file, that is the whole reference. */
function fromVariable(
  document: YamlDocument,
  job: readonly Key[],
  keys: readonly Key[],
): readonly Finding[] | undefined {
  const text = valueAt(document.value, keys);
  const [, plain, braced] = typeof text === "string" ? (wholeVariable.exec(text) ?? []) : [];
  const name = plain ?? braced;
  if (name === undefined) return undefined;
  return [
    [...job, "variables", name],
    ["variables", name],
  ]
    .map((place) => (isObject(valueAt(document.value, place)) ? [...place, "value"] : place))
    .map((place) => referenceAt(document, place, fix))
    .find((found) => found.length > 0);
}
