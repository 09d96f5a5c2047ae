// The patterns that a platform team writes into the settings: images, registries, stacks, URNs, signers.
// Parsed once; matching takes time in proportion to the text, since "*" is never matched by a regular expression.
export { PatternError } from "./error";
export { parseFilePattern, type FilePattern } from "./file-pattern";
export { compileGlob } from "./glob";
export { parseImagePattern, parseRepositoryPattern, type ImagePattern } from "./image-pattern";
export { parseRegistryPattern, type RegistryPattern } from "./registry-pattern";
export { parseStackPattern, type StackName, type StackPattern } from "./stack-pattern";
export { parseSubjectPattern, parseTextPattern, type TextPattern } from "./text-pattern";
export { parseUrnPattern, type UrnPattern } from "./urn-pattern";
