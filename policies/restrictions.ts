import { isUnknown, type Reader, type Reading } from "../resources";
import { peek } from "../resources/unknown";
import type { Restriction } from "./containers";

/** In place of a value that a preview cannot know yet. */
const unknown = Symbol("unknown");

/**
 * A Kubernetes container's security context, over that of its pod. What is demanded is the "restricted" level of the Pod
 * Security Standards (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and a root file system that is
 * only read.
 */
export function kubernetesRestrictions(readPod: Reader, read: Reader): readonly Restriction[] {
  const own = (...keys: string[]): unknown => valueOf(read("securityContext", ...keys));
  const inherited = (key: string): unknown => own(key) ?? valueOf(readPod("securityContext", key));
  return [
    kubernetesUser(inherited("runAsUser"), inherited("runAsNonRoot")),
    capabilities(own("capabilities", "drop"), own("capabilities", "add")),
    is("root file system", own("readOnlyRootFilesystem"), true, "may write to its root file system"),
    escalation(
      own("privileged"),
      is("privilege escalation", own("allowPrivilegeEscalation"), false, mayGain),
    ),
  ];
}

/** The arguments of a Docker container: https://www.pulumi.com/registry/packages/docker/api-docs/container/. */
export function dockerRestrictions(reader: Reader): readonly Restriction[] {
  const read = (...keys: string[]): unknown => valueOf(reader(...keys));
  const options = read("securityOpts");
  const held = contains(options, /^no-new-privileges(?:[:=]true)?$/);
  return [
    dockerUser(read("user")),
    capabilities(read("capabilities", "drops"), read("capabilities", "adds")),
    is("root file system", read("readOnly"), true, "may write to its root file system"),
    escalation(read("privileged"), {
      name: "privilege escalation",
      state: held,
      problem: mayGain,
    }),
  ];
}

const mayGain = "may gain privileges";

function kubernetesUser(user: unknown, nonRoot: unknown): Restriction {
  const name = "user";
  if (user === 0) return { name, state: "open", problem: "runs as root" };
  // The kubelet refuses to start it as root, whatever its user turns out to be.
  if (nonRoot === true || (typeof user === "number" && user > 0)) {
    return { name, state: "restricted", problem: "" };
  }
  const state = user === unknown || nonRoot === unknown ? "unknown" : "open";
  return { name, state, problem: "may run as root" };
}

function dockerUser(user: unknown): Restriction {
  const name = "user";
  if (user === unknown) return { name, state: "unknown", problem: "may run as root" };
  if (typeof user !== "string" || user === "") return { name, state: "open", problem: "may run as root" };
  const root = /^(?:root|0+)(?::|$)/.test(user);
  return { name, state: root ? "open" : "restricted", problem: "runs as root" };
}

/** All are dropped; the one that the Pod Security Standards let a container take back is for ports below 1024. */
function capabilities(drop: unknown, add: unknown): Restriction {
  const name = "capabilities";
  const added = Array.isArray(add) ? elements(add).filter((one) => !isBindService(one)) : [];
  const names = added.filter((one) => typeof one === "string");
  if (names.length > 0) {
    return {
      name,
      state: "open",
      problem: `adds the ${names.length === 1 ? "capability" : "capabilities"} ${names.join(", ")}`,
    };
  }
  const state = contains(drop, /^ALL$/i);
  const unsure = add === unknown || added.length > 0;
  return { name, state: state === "restricted" && unsure ? "unknown" : state, problem: "keeps capabilities" };
}

function isBindService(capability: unknown): boolean {
  return typeof capability === "string" && /^(?:CAP_)?NET_BIND_SERVICE$/i.test(capability);
}

function escalation(privileged: unknown, otherwise: Restriction): Restriction {
  const { name } = otherwise;
  if (privileged === true) return { name, state: "open", problem: "is privileged" };
  if (privileged === unknown && otherwise.state === "restricted") {
    return { name, state: "unknown", problem: "may be privileged" };
  }
  return otherwise;
}

function is(name: Restriction["name"], value: unknown, wanted: boolean, problem: string): Restriction {
  return { name, state: value === wanted ? "restricted" : value === unknown ? "unknown" : "open", problem };
}

function contains(list: unknown, wanted: RegExp): Restriction["state"] {
  if (list === unknown) return "unknown";
  if (!Array.isArray(list)) return "open";
  const found = elements(list);
  if (found.some((one) => typeof one === "string" && wanted.test(one))) return "restricted";
  return found.includes(unknown) ? "unknown" : "open";
}

function elements(list: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: list.length }, (_, index) => guarded(peek(list, index)));
}

function valueOf(reading: Reading): unknown {
  if (reading.kind === "absent") return undefined;
  return reading.kind === "unknown" ? unknown : reading.value;
}

function guarded(value: unknown): unknown {
  return isUnknown(value) ? unknown : value;
}
