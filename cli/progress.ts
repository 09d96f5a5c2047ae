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
