import type { SettingsPolicy } from "./policy";

/** No exception has expired, each names an owner and a reason. One that does not applies to nothing. */
export const exceptionsCurrent: SettingsPolicy = {
  name: "exceptions-current",
  description: "Exceptions must be current, and name an owner and a reason.",
  level: "mandatory",
  severity: "medium",
  over: "settings",

  check: ({ refusedExceptions }) =>
    refusedExceptions.map((refused) => ({
      ...refused,
      why: "an exception that nobody answers for is a hole that nobody closes; it does not apply",
    })),
};
