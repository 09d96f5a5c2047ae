/** A text that is no pattern. The message is half a sentence, fit to stand behind the quoted text. */
export class PatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PatternError";
  }
}
