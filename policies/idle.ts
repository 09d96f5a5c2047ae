import type { PolicyFinding } from "./policy";
import type { Environment, Settings } from "./settings";

/** A finding that stands if the engine has disabled the policy. */
export interface IdleFinding extends PolicyFinding {
  readonly policy: string;
}

/**
 * The policies that the settings count on: those that the stack's environment enforces or advises by name, and those whose only
 * setting was given. The engine tells nobody which policies it has disabled, so that the settings would read as if they held.
 */
export function idlePolicies(settings: Settings, environment: Environment): readonly IdleFinding[] {
  const { name, levels } = environment;
  const named = Object.entries(levels)
    .filter(([, level]) => level === "enforce" || level === "advise")
    .map(([policy, level]) =>
      idle(policy, "settings.environments", `${name} says "${level ?? ""}" of ${policy}`),
    );
  return [
    ...named,
    ...(settings.registries.length === 0
      ? []
      : [idle("image-registry-allowed", "settings.registries", "lists what is allowed")]),
    ...(settings.platforms.length === 0
      ? []
      : [idle("image-pullable", "settings.platforms", "says what images must be for")]),
    ...(settings.signatures.rules.length === 0
      ? []
      : [idle("image-signed", "settings.signatures", "says who must have signed images")]),
  ];
}

function idle(policy: string, path: string, says: string): IdleFinding {
  return {
    policy,
    path,
    problem: `${says}, and the policy ${policy} is disabled: nothing checks it`,
    why: "a rule that is written and does not run is worse than none",
    fix: `turn the policy on beside the settings: "${policy}": "mandatory"`,
  };
}
