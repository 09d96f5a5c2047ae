import { followed } from "./gitlab-reference";
import { basesOf, JobVariables } from "./gitlab-variables";
import { interpolatedFinding } from "./interpolated-text";
import type { Finding, Fixed } from "./located";
import { pathOf } from "./property-path";
import type { SourceFormat } from "./source";
import { filledInAt, referenceAt } from "./text-finding";
import { entriesOf, isObject, valueAt } from "./values";
import { textOf } from "./slots";
import type { Key, YamlDocument } from "./yaml-documents";
import { readYaml } from "./yaml-format";

const fix = `write the reference itself, or take the whole of it from one variable of this file`;
const wholeVariable = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;
/** How far variables that are whole references, and lists of services, are followed from one to the next. */
const maxDepth = 10;
/** Names at the top that are no jobs. */
const keywords: ReadonlySet<string | number> = new Set([
  "variables",
  "stages",
  "workflow",
  "include",
  "cache",
  "spec",
  "image",
]);

/**
 * GitLab CI (https://docs.gitlab.com/ci/yaml/#image): the image and the services of jobs, hidden ones too, of `default` and of the
 * file. Variables of this file are filled in, for each job that inherits an image; one that is the whole reference, alone or in the
 * job's matrix, is found where it is set. A `!reference` is followed.
 */
export const gitlab: SourceFormat = {
  name: "gitlab",

  claims: (path) => /(?:^|[/.])gitlab-ci\.ya?ml$|(?:^|\/)\.gitlab\/(?:ci|pipelines)\/.+\.ya?ml$/i.test(path),

  read: (text) =>
    readYaml(text, (document) => {
      const jobs = entriesOf(document.value).filter(([name, job]) => !keywords.has(name) && isObject(job));
      const bases = new Set(jobs.flatMap(([, job]) => basesOf(job)));
      return settled(
        [[], ...jobs.map(([name]) => [name])].flatMap((job) => {
          const found = imagesOf(document, job);
          const [name] = job;
          // What is only inherited, and leaves a variable open, is found with each job that inherits it.
          const isBase =
            name === undefined ||
            name === "default" ||
            (String(name).startsWith(".") && bases.has(String(name)));
          return isBase && jobs.length > 1 ? found.filter(({ state }) => state.kind !== "unreadable") : found;
        }),
      );
    }),
};

function imagesOf(document: YamlDocument, job: readonly Key[]): readonly Finding[] {
  const variables = new JobVariables(document, job);
  const services = variables.inherited("services");
  return [
    ...imageAt(document, variables, variables.inherited("image")),
    ...(isList(document, services) ? servicesAt(document, variables, services) : []),
  ];
}

/** A text that means another image in each of several jobs takes no digest. */
function settled(findings: readonly Finding[]): readonly Finding[] {
  const texts = new Map<number, Set<string>>();
  const textsAt = (start: number): Set<string> => texts.get(start) ?? new Set<string>();
  for (const { start, state } of findings) {
    if ("text" in state) texts.set(start, textsAt(start).add(state.text));
  }
  return findings.map((finding) =>
    textsAt(finding.start).size > 1 ? { ...finding, fixed: finding.fixed ?? several } : finding,
  );
}

const several: Fixed = {
  reason: "is another image in each of several jobs, by their variables",
  fix: "write the whole reference, with its digest, into each of the jobs",
};

function isList(document: YamlDocument, keys: readonly Key[]): boolean {
  return Array.isArray(valueAt(document.value, keys));
}

function servicesAt(
  document: YamlDocument,
  variables: JobVariables,
  keys: readonly Key[],
  depth = 0,
): readonly Finding[] {
  const list = followed(document, keys);
  if (list === undefined || depth > maxDepth) return elsewhere(document, keys);
  return entriesOf(valueAt(document.value, list)).flatMap(([index]) => {
    const place = [...list, index];
    // A reference among the services may stand for several.
    const target = followed(document, place);
    return target !== undefined && target !== place && isList(document, target)
      ? servicesAt(document, variables, target, depth + 1)
      : imageAt(document, variables, place);
  });
}

/** A text, or an object with a name. */
function imageAt(document: YamlDocument, variables: JobVariables, keys: readonly Key[]): readonly Finding[] {
  const place = followed(document, keys);
  if (place === undefined) return elsewhere(document, keys);
  if (!isObject(valueAt(document.value, place))) return textAt(document, variables, place);
  const name = followed(document, [...place, "name"]);
  return name === undefined ? elsewhere(document, [...place, "name"]) : textAt(document, variables, name);
}

function textAt(
  document: YamlDocument,
  variables: JobVariables,
  keys: readonly Key[],
  depth = 0,
): readonly Finding[] {
  const text = valueAt(document.value, keys);
  if (typeof text !== "string" || !text.includes("$")) return referenceAt(document, keys, fix);
  const [, plain, braced] = wholeVariable.exec(text) ?? [];
  const name = plain ?? braced;
  const places = name === undefined ? [] : variables.places(name);
  if (places.length > 0 && depth < maxDepth) {
    // Of several values, as a matrix has them, none is followed further.
    const next = places.length === 1 ? depth + 1 : maxDepth;
    return places.flatMap((place) => textAt(document, variables, place, next));
  }
  const slot = document.slot(keys);
  const scalar = slot && textOf(document, slot);
  const finding = scalar && interpolatedFinding(pathOf(keys), scalar, variables.variable);
  return finding === undefined || finding.state.kind === "unreadable"
    ? referenceAt(document, keys, fix)
    : [finding];
}

function elsewhere(document: YamlDocument, keys: readonly Key[]): readonly Finding[] {
  return filledInAt(document, keys, "a reference", fix);
}
