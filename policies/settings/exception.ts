import * as v from "valibot";
import type { ImageReference } from "../../images";
import { parseImagePattern, parseUrnPattern } from "../patterns";
import { parsed } from "./parsed";

/** An exception that applies. */
export type Exception = v.InferOutput<ReturnType<typeof exceptionSchema>>;

/** An exception that does not apply, and why. */
export interface RefusedException {
  /** Where it stands: `settings.exceptions[0]`. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

/**
 * The exception that covers an image; the first, where several do.
 *
 * @param urn The resource that has the image; without one, exceptions for certain resources do not apply.
 */
export function exceptionFor(
  exceptions: readonly Exception[],
  policy: string,
  reference: ImageReference,
  urn?: string,
): Exception | undefined {
  return exceptions.find(
    (exception) =>
      (exception.policy === undefined || exception.policy === policy) &&
      exception.image.matches(reference) &&
      (exception.resource === undefined || (urn !== undefined && exception.resource.matches(urn))),
  );
}

/** @param policies the names that exceptions may use. */
export function exceptionSchema(policies: readonly string[]) {
  return v.strictObject({
    image: v.pipe(
      parsed(parseImagePattern),
      v.description(
        "The image's name, with its registry unless it is Docker Hub: nginx, ghcr.io/acme/*, quay.io/x/y:1.*",
      ),
    ),
    resource: v.optional(
      v.pipe(
        parsed(parseUrnPattern),
        v.description(`The resource's URN, "*" for any part; every resource if left out.`),
      ),
    ),
    policy: v.optional(
      v.pipe(
        v.picklist([...policies]),
        v.description("The policy that is excepted from; every policy if left out."),
      ),
    ),
    owner: text("Who answers for it."),
    reason: text("Why it is needed."),
    ticket: v.optional(text("Where it is followed up.")),
    expires: v.pipe(
      v.string(),
      v.check(isDay, `is no day; write it like 2026-12-31`),
      v.description("The last day on which it applies, until midnight UTC: 2026-12-31."),
    ),
  });
}

function text(description: string) {
  return v.pipe(v.string(), v.regex(/\S/, "is empty"), v.description(description));
}

/** A day of the calendar, as ISO 8601 writes it. */
function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const time = Date.parse(`${day}T00:00:00Z`);
  // Node.js takes 2026-02-30 for the second of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

const dayMs = 86_400_000;

/** How many days ago the last day was; zero or less while the exception applies: it does until that day's end, UTC. */
export function daysSince(expires: string, now: Date): number {
  return Math.floor((now.getTime() - Date.parse(`${expires}T00:00:00Z`)) / dayMs);
}
