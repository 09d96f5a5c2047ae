// Findings out: what was found, where, why it matters, and the fix.
// Pure: takes findings, gives text.
export type { Finding } from "./finding";
export type { CheckReport, FileFinding, FileTrouble, Replacement, Rule } from "./check-report";
export { countLevels } from "./check-report";
export { jsonText } from "./json-text";
export { formatFinding, quote, visible } from "./text";
