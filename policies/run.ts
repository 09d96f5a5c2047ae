import { findImages, type FoundImage } from "../resources";
import { findContainers, unknownProperty } from "./containers";
import type {
  ContainerPolicy,
  ImagePolicy,
  KnownImage,
  Policy,
  PolicyFinding,
  RemediationPolicy,
  SettingsPolicy,
} from "./policy";
import type { Resource, Session } from "./session";
import type { Level, Settings } from "./settings";
import { notVerified } from "./unknown";

/** A finding, and the level that it has in the stack's environment; undefined: the one that the engine has for the policy. */
export type Report = (finding: PolicyFinding, level: "mandatory" | "advisory" | undefined) => void;

interface Say {
  readonly found: (finding: PolicyFinding) => void;
  readonly unknown: (finding: PolicyFinding) => void;
}
type Run = (resource: Resource, say: Say) => Promise<void> | undefined;

/** Makes of a policy what runs over each resource of a session. */
export function runner(
  policy: Policy,
  session: Session,
): (resource: Resource, report: Report) => Promise<void> | undefined {
  const run = runs(policy, session);
  return (resource, report) => {
    const level = session.levelOf(policy, resource);
    if (level === "off") return undefined;
    return run(resource, {
      found: (finding) => {
        report(finding, levelOf(finding, level));
      },
      unknown: (finding) => {
        const itsLevel = levelOf(finding, level);
        const strict = (itsLevel ?? policy.level) !== "advisory";
        if (session.unknowns.mayReport(policy.name, strict, resource.urn, finding.path))
          report(finding, itsLevel);
      },
    });
  };
}

function levelOf(finding: PolicyFinding, level: Level | undefined): "mandatory" | "advisory" | undefined {
  if (level === "advise") return "advisory";
  return finding.level ?? (level === "enforce" ? "mandatory" : undefined);
}

function runs(policy: Policy, session: Session): Run {
  switch (policy.over) {
    case "resources":
      return policy.check === undefined ? () => undefined : overImages(policy, policy.check, session);
    case "images":
      return overImages(policy, policy.check, session);
    case "containers":
      return overContainers(policy, session);
    case "settings":
      return overSettings(policy, session);
  }
}

function overImages(policy: Policy, check: ImagePolicy["check"], session: Session): Run {
  const { context } = session;
  return ({ type, urn, properties }, say) => {
    // One registry is faster than another, and what is said of a resource stands in the order of its images all the same.
    let before: Promise<void> | undefined;
    for (const image of findImages(type, properties)) {
      if (!isKnown(image)) {
        if (image.advice !== true) say.unknown(notVerified(image.path, "image", context.settings));
      } else if (!isExcepted(policy, image.state, urn, session)) {
        const verdict = check(image, context);
        const found = image.advice === true ? advised(say) : say.found;
        if (verdict instanceof Promise || (verdict !== undefined && before !== undefined)) {
          before = Promise.all([verdict, before]).then(([finding]) => {
            if (finding !== undefined) found(finding);
          });
        } else if (verdict !== undefined) found(verdict);
      }
    }
    return before;
  };
}

function overContainers(policy: ContainerPolicy, session: Session): Run {
  const { context } = session;
  return ({ type, urn, properties }, say) => {
    for (const container of findContainers(type, properties)) {
      if (isExcepted(policy, container.image, urn, session)) continue;
      const finding = policy.check(container);
      if (finding !== undefined) say.found(finding);
      const path = unknownProperty(container);
      if (path !== undefined) say.unknown(notVerified(path, "container", context.settings));
    }
    return undefined;
  };
}

function overSettings(policy: SettingsPolicy, { context }: Session): Run {
  let checked: Settings | undefined;
  return (_, say) => {
    if (checked === context.settings) return undefined;
    checked = context.settings;
    policy.check(checked).forEach(say.found);
    return undefined;
  };
}

/** What only looks like an image is never a reason to refuse. */
function advised({ found }: Say): Say["found"] {
  return (finding) => {
    found({ ...finding, level: "advisory" });
  };
}

function isKnown(image: FoundImage): image is KnownImage {
  return image.state.kind !== "unknown";
}

function isExcepted(
  policy: Policy,
  state: FoundImage["state"] | undefined,
  urn: string,
  session: Session,
): boolean {
  return state !== undefined && "reference" in state && session.excepted(policy, state.reference, urn);
}

/** Makes of a remediation what runs over each resource of a session: only where the environment does not hold it back. */
export function remediator(
  policy: RemediationPolicy,
  session: Session,
): (resource: Resource) => ReturnType<RemediationPolicy["remediate"]> {
  return (resource) => {
    const level = session.levelOf(policy, resource);
    if (level === "off" || level === "advise") return undefined;
    const excepted = (reference: Parameters<Session["excepted"]>[1]): boolean =>
      session.excepted(policy, reference, resource.urn);
    return policy.remediate({ ...resource, excepted }, session.context);
  };
}
