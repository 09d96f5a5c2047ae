import type { StackName } from "./patterns";
import type { Environment, Settings } from "./settings";

/**
 * The environment of a stack. The platform team's patterns decide; where several match, the strictest. The stack's own tag
 * `environment`, which developers can set, makes it stricter, and laxer only where the settings trust it. What matches nothing,
 * and a tag that names no environment, means production.
 *
 * @param tag the value of the stack tag `environment`.
 */
export function environmentOf(name: StackName, tag: string | undefined, settings: Settings): Environment {
  const { environments, trustStackTags } = settings;
  const matching = environments.findIndex(({ stacks }) => stacks.some(({ matches }) => matches(name)));
  const byName = matching === -1 ? production(settings) : matching;
  const byTag = tag === undefined ? byName : indexOf(tag, settings);
  const environment = environments[trustStackTags ? byTag : Math.min(byName, byTag)];
  if (environment === undefined) throw new TypeError("there is no environment");
  return environment;
}

function production(settings: Settings): number {
  return settings.environments.findIndex(({ name }) => name === "production");
}

function indexOf(tag: string, settings: Settings): number {
  const named = settings.environments.findIndex(({ name }) => name === tag);
  return named === -1 ? production(settings) : named;
}

/** Reads `urn:pulumi:STACK::PROJECT::…`. */
export function stackNameOf(urn: string, organization: string): StackName {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::", 2);
  return { organization, project, stack };
}
