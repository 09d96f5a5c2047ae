/** Where progress is drawn: on a terminal alone, since anything else would keep every state of it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line that says how many of many are done, and that is gone when something is to be printed. */
export interface Progress {
  step(): void;
  clear(): void;
}

const clearLine = "\r\u001b[K";

export function createProgress(stream: ProgressStream, total: number): Progress {
  if (stream.isTTY !== true || total < 2) return { step: () => undefined, clear: () => undefined };
  let done = 0;
  let drawn = false;
  return {
    step: () => {
      done++;
      stream.write(`${clearLine}${done} of ${total}`);
      drawn = true;
    },
    clear: () => {
      if (drawn) stream.write(clearLine);
      drawn = false;
    },
  };
}

/** A line that counts what comes, where nobody knows how much there is. */
export function createCounter(stream: ProgressStream, what: string): Progress {
  if (stream.isTTY !== true) return { step: () => undefined, clear: () => undefined };
  let done = 0;
  return {
    step: () => {
      done++;
      // A terminal takes longer to draw than a file takes to check.
      if (done % 50 === 0) stream.write(`${clearLine}${done} ${what}`);
    },
    clear: () => {
      if (done >= 50) stream.write(clearLine);
    },
  };
}
