import type { ImageReference } from "../images";
import type { Pinner } from "../pinning";
import type { RegistryClient } from "../registry/types";
import { policyContext } from "./context";
import { deferredRegistry } from "./deferred-registry";
import { environmentOf, stackNameOf } from "./environment";
import { idlePolicies } from "./idle";
import type { Policy, PolicyContext, PolicyFinding } from "./policy";
import {
  exceptionFor,
  parseSettings,
  type Environment,
  type Level,
  type Settings,
  type SettingsInput,
} from "./settings";
import { stackPinner } from "./stack-pinner";
import { UnknownLedger } from "./unknown";

export interface SessionOptions {
  readonly policies: readonly Policy[];
  /** What the settings are where the engine's configuration says nothing. */
  readonly settings?: SettingsInput | undefined;
  /** Who is asked about images; a client of the machine's own configuration when left out. */
  readonly registry?: RegistryClient | undefined;
  /** Who is asked for the digests in fix lines; one over the same registry when left out. */
  readonly pinner?: Pinner | undefined;
  readonly organization: () => string;
  readonly now: () => Date;
}

/** A resource as the engine hands it to policies. */
export interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly properties: Record<string, unknown>;
  readonly stackTags: ReadonlyMap<string, string>;
}

/** What the policies share in one run over the resources of a stack: the settings, the answers of registries, what was said. */
export class Session {
  readonly context: PolicyContext;
  readonly unknowns = new UnknownLedger();
  readonly #options: SessionOptions;
  /** The policies that the engine has called: those that it has disabled are not among them. */
  readonly #awake = new Set<string>();
  #settings: Settings;
  #read: string | undefined;
  #resources = 0;
  readonly #newPinner: (settings: Settings) => Pinner;
  #pinnerFor: { readonly settings: Settings; readonly pinner: Pinner } | undefined;
  #environment:
    | { readonly stack: string; readonly tag: string | undefined; readonly environment: Environment }
    | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#settings = this.#parse({}).settings;
    const registry = options.registry ?? deferredRegistry();
    this.#newPinner = ({ lock }) => options.pinner ?? stackPinner(lock, registry);
    this.context = policyContext({
      settings: () => this.#settings,
      pinner: () => this.#pinner(),
      registry,
      now: options.now,
    });
  }

  /** @throws LockError when a lock is named that is not there. */
  #pinner(): Pinner {
    // The settings may name another lock.
    if (this.#pinnerFor?.settings !== this.#settings) {
      this.#pinnerFor = { settings: this.#settings, pinner: this.#newPinner(this.#settings) };
    }
    return this.#pinnerFor.pinner;
  }

  /**
   * Comes first for each resource, and takes the settings from the engine's configuration, over those of a wrapper pack.
   *
   * @returns what is wrong with them, once for a configuration.
   */
  begin(given: Readonly<Record<string, unknown>>, resource: Resource): readonly PolicyFinding[] {
    this.#resources++;
    const read = JSON.stringify(given);
    if (read !== this.#read) {
      this.#read = read;
      this.#environment = undefined;
      const { settings, findings } = this.#parse(given);
      this.#settings = settings;
      return findings;
    }
    // The first resource is the stack itself. Whoever was not called for it will not be called at all.
    if (this.#resources !== 2) return [];
    return idlePolicies(this.#settings, this.#environmentOf(resource)).filter(
      ({ policy }) => !this.#awake.has(policy),
    );
  }

  /** How strictly the stack's environment treats a policy; undefined where it says nothing, and the engine's level holds. */
  levelOf(policy: Policy, resource: Resource): Level | undefined {
    this.#awake.add(policy.name);
    const { levels, level } = this.#environmentOf(resource);
    return levels[policy.name] ?? level;
  }

  /** Whether an exception covers the image in the resource. */
  excepted(policy: Policy, reference: ImageReference, urn: string): boolean {
    return exceptionFor(this.#settings.exceptions, policy.name, reference, urn) !== undefined;
  }

  #parse(given: Readonly<Record<string, unknown>>): {
    readonly settings: Settings;
    readonly findings: readonly PolicyFinding[];
  } {
    const { policies, now, settings } = this.#options;
    const context = { policies: policies.map(({ name }) => name), now: now() };
    const result = parseSettings({ ...settings, ...given }, context);
    if (result.ok) return { settings: result.settings, findings: [] };
    const why = "a setting that is not understood would be ignored in silence";
    // What is left out takes its strictest value, so nothing is the strictest of all.
    const strictest = parseSettings({}, context);
    if (!strictest.ok) throw new TypeError("there are no settings without a value of their own");
    return {
      settings: strictest.settings,
      findings: result.problems.map((problem) => ({ ...problem, why })),
    };
  }

  #environmentOf({ urn, stackTags }: Resource): Environment {
    const tag = stackTags.get("environment");
    // The resources of one run are all of one stack: their URNs begin alike, and the answer is the same.
    const known = this.#environment;
    if (known !== undefined && known.tag === tag && urn.startsWith(known.stack)) return known.environment;
    const name = stackNameOf(urn, this.#options.organization());
    const stack = `urn:pulumi:${name.stack}::${name.project}::`;
    const environment = environmentOf(name, tag, this.#settings);
    this.#environment = { stack, tag, environment };
    return environment;
  }
}
