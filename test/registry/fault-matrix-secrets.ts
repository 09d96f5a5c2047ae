import { inspect } from "node:util";
import type { LoggedRequest } from "../support/registry";
import { marker, user } from "./fault-matrix-site";

/** Everything that must not be seen: what was planted, in every form, and every token that was on the wire. */
export function secretsOf(logs: readonly (readonly LoggedRequest[])[]): readonly string[] {
  const shown = logs.flat().flatMap(({ headers }) => {
    const [, value] = (headers.authorization ?? "").split(" ");
    return value === undefined ? [] : [value];
  });
  const encoded = [user, "<token>"].map((name) => Buffer.from(`${name}:${marker}`).toString("base64"));
  return [
    ...new Set([
      marker,
      encodeURIComponent(marker),
      Buffer.from(marker).toString("base64"),
      ...encoded,
      ...shown,
    ]),
  ];
}

/** The views of an error, and of all that caused it, in which a secret can be seen. */
export function viewsOf(error: unknown): readonly string[] {
  const views: string[] = [];
  for (
    let current = error;
    current !== undefined;
    current = current instanceof Error ? current.cause : undefined
  ) {
    views.push(
      JSON.stringify(current),
      inspect(current, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null }),
    );
    if (current instanceof Error) views.push(String(current), current.message, current.stack ?? "");
  }
  return views;
}
