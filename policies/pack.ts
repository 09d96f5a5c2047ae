import { getOrganization } from "@pulumi/pulumi";
import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Pinner } from "../pinning";
import type { RegistryClient } from "../registry/types";
import { formatFinding } from "../report";
import { allPolicies } from "./all";
import type { Policy, PolicyFinding } from "./policy";
import { remediator, runner, type Report } from "./run";
import { Session, type Resource } from "./session";
import { nearest, settingsConfigSchema, type SettingsInput } from "./settings";

export { allPolicies } from "./all";
export type {
  ContainerPolicy,
  ImagePolicy,
  Policy,
  PolicyContext,
  PolicyFinding,
  RemediationPolicy,
  SettingsPolicy,
} from "./policy";
export type { Settings, SettingsInput } from "./settings";

export interface PinnedImagesOptions {
  /** Settings of a pack of one's own; the configuration that the engine is given wins over them, name by name. */
  readonly settings?: SettingsInput;
  /**
   * Who is asked about images; a client with the Docker configuration of the machine when left out. For image-signed one that reads
   * artifacts, too, as `createRegistryClient` gives it: by another one nothing is verified that the lock does not prove.
   */
  readonly registry?: RegistryClient;
  /** Who is asked for the digests in fix lines; one over the same registry when left out. */
  readonly pinner?: Pinner;
}

/**
 * The policies as values, for this pack and for packs of a team's own:
 * `new PolicyPack("ours", { policies: [...pinnedImagesPolicies(), ...others] })`.
 */
export function pinnedImagesPolicies(options: PinnedImagesOptions = {}): ResourceValidationPolicy[] {
  return bindPolicies(allPolicies, options);
}

/** As {@link pinnedImagesPolicies}, with a list of policies of one's own: they share settings and exceptions. */
export function bindPolicies(
  policies: readonly Policy[],
  options: PinnedImagesOptions = {},
): ResourceValidationPolicy[] {
  const session = new Session({ ...options, policies, organization, now: () => new Date() });
  return [settingsPolicy(policies, session), ...policies.map((policy) => bind(policy, session))];
}

/** The stack's organization; empty where the engine tells none, as in "pulumi policy analyze". */
function organization(): string {
  try {
    return getOrganization();
  } catch {
    return "";
  }
}

/**
 * Owns what all policies share. It stands first in the pack, and the policies of a pack run one after the other, so it has
 * read the settings before any other policy asks for them; remediations too, since the first resource that a run comes to is
 * the stack itself, which is checked before the next one is remediated.
 */
function settingsPolicy(policies: readonly Policy[], session: Session): ResourceValidationPolicy {
  return {
    name: "settings",
    description: "The settings of the pinned-images policies must be valid.",
    enforcementLevel: "mandatory",
    severity: "high",
    configSchema: settingsConfigSchema(policies.map(({ name }) => name)),
    validateResource(args, reportViolation) {
      for (const finding of session.begin(args.getConfig<Record<string, unknown>>(), resourceOf(args))) {
        reportViolation(formatFinding(finding));
      }
    },
  };
}

function bind(policy: Policy, session: Session): ResourceValidationPolicy {
  const { name, description, level, severity } = policy;
  const bound = { name, description, enforcementLevel: level, severity };
  const complaints = configComplaints(policy);
  const run = runner(policy, session);
  const remediate = policy.over === "resources" ? remediator(policy, session) : undefined;
  return {
    ...bound,
    ...(remediate && { remediateResource: (args) => remediate(resourceOf(args)) }),
    validateResource(args, reportViolation) {
      for (const finding of complaints(args)) reportViolation(formatFinding(finding));
      return run(resourceOf(args), reporter(policy, reportViolation));
    },
  };
}

function resourceOf({ type, urn, props, stackTags }: ResourceValidationArgs): Resource {
  return { type, urn, properties: props, stackTags };
}

/**
 * A policy has no configuration of its own besides its level: what is put here by mistake is refused, not ignored; once for a
 * configuration.
 */
function configComplaints(policy: Policy): (args: ResourceValidationArgs) => readonly PolicyFinding[] {
  let seen = "";
  const settings = Object.keys(settingsConfigSchema([]).properties);
  return (args) => {
    const names = Object.keys(args.getConfig<Record<string, unknown>>());
    const key = names.join();
    if (key === seen) return [];
    seen = key;
    return names.map((name) => ({
      path: `${policy.name}.${name}`,
      problem: "there is no such setting here",
      why: "a setting that is not understood would be ignored in silence",
      fix: settings.includes(name) ? `move it to the policy "settings"` : nearest(name, settings),
    }));
  };
}

/**
 * Reports findings at levels of their own. The SDK's `reportViolation` takes an object with a level at run time, though its
 * types leave that out (@pulumi/policy server.ts, makeReportViolationFun); without one the engine's level for the policy holds.
 */
function reporter({ description }: Policy, reportViolation: ReportViolation): Report {
  const untyped: { report(violation: unknown): void } = { report: reportViolation };
  return (finding, level) => {
    const message = formatFinding(finding);
    if (level === undefined) reportViolation(message);
    else untyped.report({ message: `${description}\n${message}`, enforcementLevel: level });
  };
}
