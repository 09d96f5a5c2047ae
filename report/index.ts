// Findings out: what was found, where, why it matters, and the fix.
// Pure: takes findings, gives text.
export type { Finding } from "./finding";
export { formatFinding, quote } from "./text";
