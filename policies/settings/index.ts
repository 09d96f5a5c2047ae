// What all policies share, as the platform team writes it: one shape for the pack's configuration, for packs of a team's own,
// and for the command line. Parsed once, strictly; what is not understood is refused with its place and the nearest name.
export { exceptionFor, type Exception, type RefusedException } from "./exception";
export { packConfigJsonSchema, settingsConfigSchema } from "./json-schema";
export { parseSettings, type SettingProblem, type SettingsResult } from "./parse";
export { nearest } from "./nearest";
export type { Environment, Level, LockSettings, Settings, SettingsInput, TagRule } from "./schema";
export type { SignatureRule } from "./signature-rule";
export { signatureRuleFor, type SignatureSettings, type TrustedRootSetting } from "./signatures";
