import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import { createPinner, type Pinner } from "../pinning";
import { formatFinding } from "../report";
import { findImages } from "../resources";
import { allPolicies } from "./all";
import type { ImagePolicy, PolicyContext, PolicyFinding } from "./policy";
import {
  isSetting,
  nearestSetting,
  parseSettings,
  settingsSchema,
  strictestSettings,
  type Settings,
} from "./settings";
import { digestSuggester } from "./suggest";

export { allPolicies } from "./all";
export type { ImagePolicy, PolicyContext, PolicyFinding } from "./policy";
export type { Settings } from "./settings";

export interface PinnedImagesOptions {
  /** Settings of a pack of one's own; the configuration that the engine is given wins over them, name by name. */
  readonly settings?: Partial<Settings>;
  /** Who is asked for the digests in fix lines. */
  readonly pinner?: Pinner;
}

/**
 * The policies as values, for this pack and for packs of a team's own:
 * `new PolicyPack("ours", { policies: [...pinnedImagesPolicies(), ...others] })`.
 */
export function pinnedImagesPolicies(options: PinnedImagesOptions = {}): ResourceValidationPolicy[] {
  const suggest = digestSuggester(options.pinner ?? createPinner());
  const shared: { settings: Settings } = { settings: strictestSettings };
  const context: PolicyContext = {
    get settings() {
      return shared.settings;
    },
    digestFor: async (reference) => (shared.settings.suggestDigests ? suggest(reference) : undefined),
  };
  return [settingsPolicy(options, shared), ...allPolicies.map((policy) => bind(policy, context))];
}

const whyStrict = "a setting that is not understood would be ignored in silence";

/**
 * Owns what all policies share. It stands first in the pack, and the policies of a pack run one after the other, so it has
 * read the settings before any other policy asks for them.
 */
function settingsPolicy(
  options: PinnedImagesOptions,
  shared: { settings: Settings },
): ResourceValidationPolicy {
  let last: string | undefined;
  return {
    name: "settings",
    description: "The settings of the pinned-images policies must be valid.",
    enforcementLevel: "mandatory",
    severity: "high",
    configSchema: settingsSchema,
    validateResource(args, reportViolation) {
      const given = { ...options.settings, ...args.getConfig<Record<string, unknown>>() };
      // Said once for a configuration, not at every resource.
      const key = JSON.stringify(given);
      if (key === last) return;
      last = key;
      const result = parseSettings(given);
      shared.settings = result.ok ? result.settings : strictestSettings;
      if (result.ok) return;
      for (const { name, problem, fix } of result.problems) {
        reportViolation(formatFinding({ path: `settings.${name}`, problem, why: whyStrict, fix }));
      }
    },
  };
}

/** Binds a policy to the images of every resource type in the tables. */
function bind(policy: ImagePolicy, context: PolicyContext): ResourceValidationPolicy {
  let configured = "{}";
  return {
    name: policy.name,
    description: policy.description,
    enforcementLevel: policy.level,
    severity: policy.severity,
    validateResource(args, reportViolation) {
      const report = (finding: PolicyFinding): void => {
        violate(policy, finding, reportViolation);
      };
      const given = args.getConfig<Record<string, unknown>>();
      if (JSON.stringify(given) !== configured) {
        configured = JSON.stringify(given);
        configProblems(policy, given).forEach(report);
      }
      const pending: Promise<void>[] = [];
      for (const image of findImages(args.type, args.props)) {
        const finding = policy.check(image, context);
        if (finding instanceof Promise) pending.push(finding.then(report));
        else if (finding !== undefined) report(finding);
      }
      if (pending.length > 0) return Promise.all(pending).then(() => undefined);
    },
  };
}

/**
 * A policy has no configuration of its own yet besides its level: the settings that all share belong to `settings`. A name put
 * here by mistake is refused, not ignored.
 */
function configProblems(policy: ImagePolicy, given: object): readonly PolicyFinding[] {
  return Object.keys(given).map((name) => ({
    path: `${policy.name}.${name}`,
    problem: "there is no such setting here",
    why: whyStrict,
    fix: isSetting(name) ? `move it to the policy "settings"` : nearestSetting(name),
  }));
}

/**
 * Reports a finding at its own level. The SDK's `reportViolation` takes an object with a level at run time, though its types
 * leave that out (@pulumi/policy server.ts, makeReportViolationFun).
 */
function violate(policy: ImagePolicy, finding: PolicyFinding, reportViolation: ReportViolation): void {
  const message = formatFinding(finding);
  if (finding.level === undefined || finding.level === policy.level) {
    reportViolation(message);
    return;
  }
  const reporter: { report(violation: unknown): void } = { report: reportViolation };
  reporter.report({ message: `${policy.description}\n${message}`, enforcementLevel: finding.level });
}
