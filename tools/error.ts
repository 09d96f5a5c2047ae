/** A tool that could not be had; the message says what to do. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** What was thrown, as text that can stand inside a sentence. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
