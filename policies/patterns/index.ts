// The patterns that a platform team writes into the settings: images, registries, stacks and URNs.
// Parsed once; matching takes time in proportion to the text, since "*" is never matched by a regular expression.
export { PatternError } from "./error";
export { parseFilePattern, type FilePattern } from "./file-pattern";
export { compileGlob } from "./glob";
export { parseImagePattern, type ImagePattern } from "./image-pattern";
export { parseRegistryPattern, type RegistryPattern } from "./registry-pattern";
export { parseStackPattern, type StackName, type StackPattern } from "./stack-pattern";
export { parseUrnPattern, type UrnPattern } from "./urn-pattern";
