/**
 * A real registry for tests (CNCF Distribution, pinned), filled with crane. Its access log shows what clients asked.
 * Only the server that gives out tokens is ours, because Distribution has none.
 */
export type { LoggedRequest } from "./access-log";
export type { Crane } from "./crane";
export { testUser } from "./options";
export type { DistributionOptions, RegistryAuth } from "./options";
export type { PushedIndex, Pusher } from "./push";
export { startDistribution } from "./start";
export type { DistributionRegistry } from "./start";
export type { TokenRequest } from "./token-server";
