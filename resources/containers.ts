import { treeOf } from "./all";
import type { Runtime } from "./location";
import { isSecretBox, isUnknown, peek } from "./unknown";
import { walkProperties } from "./walk";

/** What stands in a property. */
export type Reading =
  | { readonly kind: "absent"; readonly path: string }
  /** A preview cannot know it yet, or what stands around it; `path` says which, `value` is the engine's placeholder. */
  | { readonly kind: "unknown"; readonly path: string; readonly value: unknown }
  /** A known value, never null. An object or an array may hold values that are not known: `isUnknown` tells. */
  | { readonly kind: "value"; readonly path: string; readonly value: unknown };

/** Reads a property by the names that lead to it, `("securityContext", "runAsNonRoot")`. Never throws. */
export type Reader = (...names: readonly string[]) => Reading;

/** A container as a resource states it. */
export interface Container {
  /** `spec.template.spec.initContainers[0]`; empty where the resource itself is the container. */
  readonly path: string;
  readonly runtime: Runtime;
  /** The container's name, where it has one that is known. */
  readonly name?: string;
  /** Whether the engine starts it by hand alone, for debugging: nobody declares its security. */
  readonly isEphemeral: boolean;
  /** What the container says of itself. */
  readonly read: Reader;
  /** What the pod's specification says for all of its containers; absent everywhere outside of a pod. */
  readonly readPod: Reader;
}

const kinds = ["containers", "initContainers", "ephemeralContainers"];

/**
 * Finds the containers that a resource runs: of Kubernetes pods and workloads, of custom resources by the shape of a pod
 * template, and Docker containers and services. Where it is not known yet what runs, one container stands for it, of which every
 * reading is `unknown`.
 *
 * @param token the resource's type.
 * @param properties the resource's inputs, as plain values or behind the policy SDK's proxies.
 */
export function findContainers(token: string, properties: object): readonly Container[] {
  const tree = treeOf(token);
  if (tree?.runs === undefined && tree?.look === undefined) return [];
  const containers: Container[] = [];
  walkProperties(properties, tree, {
    image: () => undefined,
    isLater: () => false,
    later: (value, then) => then(value),
    runs(value, path, runtime) {
      if (runtime === "pod" && !isUnknown(value)) containers.push(...ofPod(value, path));
      else containers.push(container(value, path, runtime, none));
    },
  });
  return containers;
}

function ofPod(pod: unknown, path: string): readonly Container[] {
  const readPod = readerOf(pod, path);
  return kinds.flatMap((kind) => {
    const list = readPod(kind);
    const isEphemeral = kind === "ephemeralContainers";
    if (list.kind === "unknown") return [container(list.value, list.path, "pod", readPod, isEphemeral)];
    if (list.kind === "absent" || !Array.isArray(list.value)) return [];
    return Array.from(list.value, (item: unknown, index) =>
      container(item, `${list.path}[${index}]`, "pod", readPod, isEphemeral),
    );
  });
}

function container(
  value: unknown,
  path: string,
  runtime: Runtime,
  readPod: Reader,
  isEphemeral = false,
): Container {
  const read = readerOf(value, path);
  const name = read("name");
  const named = name.kind === "value" && typeof name.value === "string" ? { name: name.value } : {};
  return { path, runtime, ...named, isEphemeral, read, readPod };
}

/** Outside of a pod. */
const none: Reader = () => ({ kind: "absent", path: "" });

function readerOf(start: unknown, path: string): Reader {
  return (...names) => {
    let [value, at] = [unboxed(start), path];
    for (const name of names) {
      if (isUnknown(value)) break;
      at = at === "" ? name : `${at}.${name}`;
      value = typeof value === "object" && value !== null ? unboxed(peek(value, name)) : undefined;
    }
    if (isUnknown(value)) return { kind: "unknown", path: at, value };
    return value === undefined || value === null
      ? { kind: "absent", path: at }
      : { kind: "value", path: at, value };
  };
}

function unboxed(value: unknown): unknown {
  return typeof value === "object" && value !== null && isSecretBox(value) ? value.value : value;
}
