import type { ImageReference } from "../images";
import { exceptionFor, type Settings } from "../policies/settings";
import { quote } from "../report";
import type { AuditClass } from "./audit-classes";

/** The policy that would say the same of a stack: an exception from it holds here, too. A digest that was rolled back has none. */
const policyOf: Partial<Readonly<Record<AuditClass, string>>> = {
  unpinned: "image-pinned-by-digest",
  differs: "image-in-lock",
  "not-in-lock": "image-in-lock",
  stale: "image-lock-fresh",
  "tag-moved": "image-tag-unmoved",
  missing: "image-pullable",
  incomplete: "image-pullable",
};

/** What is said of an image that an exception covers; undefined for one that none covers. */
export type Excepted = (kind: AuditClass, reference: ImageReference, urn?: string) => string | undefined;

/** Looks exceptions up in the settings of the command line. */
export function exceptedBy({ exceptions }: Settings): Excepted {
  return (kind, reference, urn) => {
    const policy = policyOf[kind];
    const exception = policy === undefined ? undefined : exceptionFor(exceptions, policy, reference, urn);
    if (exception === undefined) return undefined;
    const { owner, reason, ticket, expires } = exception;
    const followed = ticket === undefined ? "" : ` (${ticket})`;
    return `excepted until ${expires} by ${owner}${followed}: ${quote(reason)}`;
  };
}
