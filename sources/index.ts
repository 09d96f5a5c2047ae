// Image references in the text files beside a program: text in, located references and edits out, one file for each format.
// Pure: no disk, no registry, no clock; what a file refers to is handed in.
export type { LocatedImage, SourceContext, SourceFormat, TextEdit } from "./source";
export { allFormats } from "./all";
export { parseIgnore, type Ignore } from "./ignore";
export { kubernetes } from "./kubernetes";
export { applyEdits, EditError } from "./apply";
export { dockerfile, dockerfileImages, type Embedding } from "./dockerfile";
