import { AsyncLocalStorage } from "node:async_hooks";

/** A program that is running. */
export interface RunningProgram {
  /** Brings it back in a callback of the engine. */
  enter(): void;
  /** Whether a message is said for the first time: several transforms may see the same image. */
  isNew(message: string): boolean;
}

/** What each program has said. */
const said = new WeakMap<object, Set<string>>();
/** An ordinary program, which has the process for itself. */
const onlyOne = {};

let isOneProgram = false;

/** Says that this process serves one program, whose components share what they know, as far apart as the SDK may keep them. */
export function countAsOneProgram(): void {
  isOneProgram = true;
}

/**
 * The object that stands for the program that is running. Programs of the Automation API share a process, and the SDK keeps what
 * belongs to one run in an AsyncLocalStorage (`global.asyncLocalStorage`, @pulumi/pulumi runtime/state.ts).
 */
export function programKey(): object {
  const store: unknown = storage()?.getStore();
  return typeof store === "object" && store !== null && !isOneProgram ? store : onlyOne;
}

/**
 * Remembers which program is running.
 *
 * The engine calls transforms over a connection on which that is lost: the SDK then no longer knows the stack, nor that its engine
 * takes secrets, and would send back as plain text whatever is secret in the resource. What is entered in the synchronous part of
 * a transform still holds when the SDK goes on behind it.
 */
export function rememberProgram(): RunningProgram {
  const key = programKey();
  const messages = said.get(key) ?? new Set<string>();
  said.set(key, messages);
  return {
    enter() {
      if (key !== onlyOne) storage()?.enterWith(key);
    },
    isNew(message) {
      const isNew = !messages.has(message);
      messages.add(message);
      return isNew;
    },
  };
}

function storage(): AsyncLocalStorage<unknown> | undefined {
  const found: unknown = Reflect.get(globalThis, "asyncLocalStorage");
  return found instanceof AsyncLocalStorage ? found : undefined;
}
