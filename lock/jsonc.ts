import type * as Jsonc from "jsonc-parser";

/** A parser that knows where things stand; loaded with the first error, since a lock that is whole needs none of that. */
// eslint-disable-next-line @typescript-eslint/no-require-imports
export const jsonc = (): typeof Jsonc => require("jsonc-parser") as typeof Jsonc;
