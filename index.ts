// The library. Importing it starts no policy server and loads no HTTP stack and no provider SDK.
export * from "./images";
export * from "./components";
export type { RegistryClient, Resolution } from "./registry/types";
