// The files beside a program on disk: found, read as text, and written all together or not at all.
// What stands in them is the business of sources/.
export { FileError, type FileErrorCode, type FileProblem } from "./error";
export { findFiles, type FileSearch, type FoundFile, type FoundFiles } from "./find";
export { readBeside, readText } from "./read";
export { writeFiles, type FileChange } from "./write";
