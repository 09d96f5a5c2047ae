/**
 * Where a tag's digest comes from. `locked`: from the lock alone, and no registry is asked. `lock-first`: from the lock, and from
 * the registry what is not in it. `registry`: from the registry, always.
 */
export type Strategy = "locked" | "lock-first" | "registry";

const strategies: readonly Strategy[] = ["locked", "lock-first", "registry"];

/**
 * Reads a strategy as people write it.
 *
 * @param where What it was read from, for the error.
 * @throws TypeError when it is none.
 */
export function parseStrategy(text: string, where: string): Strategy {
  const found = strategies.find((strategy) => strategy === text);
  if (found !== undefined) return found;
  throw new TypeError(
    `${where} is ${JSON.stringify(text.slice(0, 60))}; it can be ${strategies.slice(0, -1).join(", ")} or ${strategies.at(-1) ?? ""}`,
  );
}

/** Words that say of a stack that it is not production. */
const notProduction =
  /(?:^|[-_.])(?:dev|development|test|testing|qa|ci|preview|review|sandbox|local|stag|stage|staging)(?:$|[-_.0-9])/i;

/**
 * The strategy where nobody has named one: what a production stack deploys is what somebody committed. A stack whose name says
 * nothing is treated as production. Without any lock there is nothing to hold a stack to, so the registry is asked.
 */
export function defaultStrategy(stack: string, hasLock: boolean): Strategy {
  return hasLock && !notProduction.test(stack) ? "locked" : "lock-first";
}
