import type { PolicyFinding } from "./policy";
import type { Settings } from "./settings";

const why = {
  image: "an image that nobody could look at may be unpinned",
  container: "a container that nobody could look at may be free to do anything",
};
const example = { image: `, for example with pinnedImage("…")`, container: "" };

/** What is said of a property that a preview cannot know yet. The update looks at it again, when it is known. */
export function notVerified(path: string, what: keyof typeof why, { onUnknown }: Settings): PolicyFinding {
  return {
    path,
    problem: `not known until the update, so this preview could not check it; it is checked again in "pulumi up"`,
    why: why[what],
    fix: `make it known at preview${example[what]}, or let the platform team set onUnknown: "advise"`,
    ...(onUnknown === "advise" ? { level: "advisory" } : {}),
  };
}

/** Remembers who said that a property is not known: it is one thing not known, however many policies look at it. */
export class UnknownLedger {
  readonly #said = new Map<string, { readonly policy: string; readonly strict: boolean }>();

  /**
   * Whether this policy is to say it: the first one, and a strict one behind one that only advised. The same policy says it again
   * when the resource is looked at again.
   */
  mayReport(policy: string, strict: boolean, urn: string, path: string): boolean {
    const key = `${urn} ${path}`;
    const said = this.#said.get(key);
    if (said !== undefined && said.policy !== policy && (said.strict || !strict)) return false;
    this.#said.set(key, { policy, strict });
    return true;
  }
}
