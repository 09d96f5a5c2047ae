// Image references in the text files beside a program: text in, located references and edits out, one file for each format.
// Pure: no disk, no registry, no clock; what a file refers to is handed in.
export { allFormats } from "./all";
export { compose } from "./compose";
export { devcontainer } from "./devcontainer";
export { github } from "./github";
export { gitlab } from "./gitlab";
export { helmValues } from "./helm-values";
export { parseIgnore, type Ignore } from "./ignore";
export { kubernetes } from "./kubernetes";
export { applyEdits, EditError } from "./apply";
export { dockerfile, dockerfileImages, type Embedding } from "./dockerfile";
export { kustomization } from "./kustomization";
export { pulumiProgram } from "./pulumi-program";
export { pulumiStack } from "./pulumi-stack";
export type { LocatedImage, SourceContext, SourceFormat, TextEdit } from "./source";
