import { imageState } from "../images";
import { findContainers as containersOf, type Container, type FoundImage, type Reading } from "../resources";
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
 * Finds the containers of Kubernetes pods and of Docker, and how they are held in. Not the Patch kinds, which state only what they
 * change, not the containers of Windows pods, which know no such restrictions, and not Docker services. Where it is not known yet
 * what runs, that is image-pinned-by-digest's to say.
 */
export function findContainers(token: string, properties: object): readonly FoundContainer[] {
  if (token.endsWith("Patch")) return [];
  return containersOf(token, properties).flatMap((container) => found(container) ?? []);
}

function found({ path, runtime, read, readPod }: Container): FoundContainer | undefined {
  const whole = read();
  if (whole.kind !== "value" || typeof whole.value !== "object") return undefined;
  const image = imageOf(read("image"));
  if (runtime === "docker-container") {
    return { path: "image", runtime: "docker", image, restrictions: dockerRestrictions(read) };
  }
  const os = readPod("os", "name");
  if (runtime !== "pod" || (os.kind === "value" && os.value === "windows")) return undefined;
  return { path, runtime: "kubernetes", image, restrictions: kubernetesRestrictions(readPod, read) };
}

function imageOf(image: Reading): FoundImage["state"] | undefined {
  if (image.kind === "unknown") return { kind: "unknown" };
  return image.kind === "value" && typeof image.value === "string" ? imageState(image.value) : undefined;
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
