import { resolve } from "node:path";
import type { ImageReference } from "../images";
import { signatureRuleFor } from "../policies/settings";
import { rootSource } from "../policies/trusted-root";
import type { RootSource, TrustRule } from "../signatures";
import { RefusedError } from "./failure";
import { UsageError } from "./read-references";
import { readCheckSettings, settingsFileName } from "./settings-file";
import type { Surroundings } from "./surroundings";
import { readTrustRule, type TrustRuleOptions } from "./trust-rule";

/** Whom to trust: what the settings say, or for once the options. */
export interface TrustOptions extends TrustRuleOptions {
  /** The file with the settings. */
  readonly config?: string;
  readonly trustedRoot?: string;
}

/** Whom to trust. */
export interface Trust {
  readonly root: RootSource;
  /** @throws RefusedError for an image that no rule is for. */
  ruleFor(reference: ImageReference): TrustRule | "unsigned";
}

/**
 * Reads whom to trust: the rule that the options make for all images, else the rules of the settings.
 *
 * @throws UsageError when nobody is trusted, or something is said that is not understood.
 */
export async function readTrust(options: TrustOptions, surroundings: Surroundings): Promise<Trust> {
  const { folder, environment, clock } = surroundings;
  const now = new Date(clock());
  const own = await readTrustRule(options, folder, now);
  const { settings } = await readCheckSettings({ config: options.config, folder, now });
  const { root, rules } = settings.signatures;
  if (own === undefined && rules.length === 0) {
    throw new UsageError(`nobody is trusted to sign
fix: name who is: --key <file>, or --identity <subject> --issuer <url>; or write rules into ${settingsFileName}: "settings": { "signatures": { "rules": [ … ] } }`);
  }
  return {
    root:
      options.trustedRoot === undefined
        ? rootSource(root, environment)
        : { file: resolve(folder, options.trustedRoot) },
    ruleFor: (reference) => {
      const trust = own ?? signatureRuleFor(settings.signatures, reference)?.trust;
      if (trust !== undefined) return trust;
      const fix = `add a rule for it to "signatures" in the settings: keys, identities, or "unsigned": true if nobody has to sign it`;
      throw new RefusedError("no rule says who may sign it", fix);
    },
  };
}
