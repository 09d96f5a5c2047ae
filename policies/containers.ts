import { imageState } from "../images";
import { compiledLocations, isUnknown, type FoundImage, type PathStep } from "../resources";
import { peek } from "../resources/unknown";
import { dockerRestrictions, kubernetesRestrictions } from "./restrictions";

/** How a container's process is held in: what holds, what does not, and what is not known yet. */
export interface Restriction {
  readonly name: "user" | "capabilities" | "root file system" | "privilege escalation";
  readonly state: "restricted" | "open" | "unknown";
  /** What an open one lets the container do, to stand behind it: `may run as root`. */
  readonly problem: string;
}

/** A container in a resource's properties. */
export interface FoundContainer {
  /** The property path of the container; of its image where the resource is the container. */
  readonly path: string;
  readonly runtime: "kubernetes" | "docker";
  readonly image: FoundImage["state"] | undefined;
  readonly restrictions: readonly Restriction[];
}

/**
 * Finds the containers of Kubernetes pods and of Docker, and how they are held in. Reads values without throwing at unknown
 * ones. Not the Patch kinds, which state only what they change, and not the containers of Windows pods, which know no such
 * restrictions.
 */
export function findContainers(token: string, properties: object): readonly FoundContainer[] {
  if (token === "docker:index/container:Container") {
    return [
      {
        path: "image",
        runtime: "docker",
        image: imageOf(properties),
        restrictions: dockerRestrictions(properties),
      },
    ];
  }
  const containers: FoundContainer[] = [];
  for (const { pod: steps, lists } of podsOf(token)) {
    visit(properties, steps, 0, "", (pod, path) => {
      if (isWindows(pod)) return;
      for (const list of lists) {
        const listed = peek(pod, list);
        if (!Array.isArray(listed)) continue;
        for (let index = 0; index < listed.length; index++) {
          const container: unknown = peek(listed, index);
          if (!isObject(container)) continue;
          containers.push({
            path: `${path === "" ? "" : `${path}.`}${list}[${index}]`,
            runtime: "kubernetes",
            image: imageOf(container),
            restrictions: kubernetesRestrictions(pod, container),
          });
        }
      }
    });
  }
  return containers;
}

/** Where a pod stands in a resource type, and the lists of containers in it. */
interface PodLocation {
  readonly pod: readonly PathStep[];
  readonly lists: readonly string[];
}

const pods = new Map<string, readonly PodLocation[]>();

/** Read from the places of images: a pod is what holds `containers[].image`. */
function podsOf(token: string): readonly PodLocation[] {
  if (!token.startsWith("kubernetes:") || token.endsWith("Patch")) return [];
  let found = pods.get(token);
  if (found === undefined) {
    const all = compiledLocations(token).map(({ steps }) => steps);
    found = all
      .filter((steps) => listOf(steps) === "containers")
      .map((main) => {
        const pod = main.slice(0, -3);
        const beside = all.filter((steps) => samePath(steps.slice(0, -3), pod));
        return { pod, lists: beside.flatMap((steps) => listOf(steps) ?? []) };
      });
    if (found.length > 0) pods.set(token, found);
  }
  return found;
}

/** The list at the end of a path like `spec.containers[].image`. */
function listOf(steps: readonly PathStep[]): string | undefined {
  const [list, each, image] = steps.slice(-3);
  if (list?.kind !== "property" || each?.kind !== "each" || image?.kind !== "property") return undefined;
  return image.name === "image" && /^(?:c|initC|ephemeralC)ontainers$/.test(list.name)
    ? list.name
    : undefined;
}

function samePath(one: readonly PathStep[], other: readonly PathStep[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Goes to every object at the end of a path. What is not known on the way is image-pinned-by-digest's to say. */
function visit(
  value: unknown,
  steps: readonly PathStep[],
  index: number,
  path: string,
  found: (object: object, path: string) => void,
): void {
  if (!isObject(value)) return;
  const step = steps[index];
  if (step === undefined) found(value, path);
  else if (step.kind === "property") {
    visit(peek(value, step.name), steps, index + 1, path === "" ? step.name : `${path}.${step.name}`, found);
  } else if (step.kind === "each" && Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      visit(peek(value, at), steps, index + 1, `${path}[${at}]`, found);
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function imageOf(container: object): FoundImage["state"] | undefined {
  const image = peek(container, "image");
  if (isUnknown(image)) return { kind: "unknown" };
  return typeof image === "string" ? imageState(image) : undefined;
}

function isWindows(pod: object): boolean {
  const os = peek(pod, "os");
  return isObject(os) && peek(os, "name") === "windows";
}

const dockerProperties: Readonly<Record<Restriction["name"], string>> = {
  user: "user",
  capabilities: "capabilities",
  "root file system": "readOnly",
  "privilege escalation": "securityOpts",
};

/** The property that says whether a container is held in and is not known yet, the first one; undefined when all are known. */
export function unknownProperty({ path, runtime, restrictions }: FoundContainer): string | undefined {
  const unknown = restrictions.find(({ state }) => state === "unknown");
  if (unknown === undefined) return undefined;
  return runtime === "kubernetes" ? `${path}.securityContext` : dockerProperties[unknown.name];
}
