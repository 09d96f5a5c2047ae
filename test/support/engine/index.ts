/**
 * Previews, updates and destroys through the real Pulumi engine, without an account, a cloud or a download. Only the
 * provider plugins and the host that starts policy packs are stand-ins, and the files that hold them say so.
 */
export type { OperationOptions, PackConfig, Program, TestStackOptions } from "./options";
export { previewProgram } from "./preview-program";
export type { EngineResource, EngineResult } from "./result";
export { createTestStack } from "./test-stack";
export type { TestStack } from "./test-stack";
export { writePack } from "./write-pack";
export type { WrittenPack } from "./write-pack";
