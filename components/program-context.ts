import * as pulumi from "@pulumi/pulumi";
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
/** Stands for the program that a process hosts components of, and for a unit test. */
const withoutStack = {};

/** The object that stands for the program that is running: its stack. Programs of the Automation API share a process. */
export function programKey(): object {
  return pulumi.runtime.getStackResource() ?? withoutStack;
}

/**
 * Remembers which program is running.
 *
 * Programs of the Automation API share a process, and the SDK keeps what belongs to one in an AsyncLocalStorage
 * (`global.asyncLocalStorage`, @pulumi/pulumi runtime/state.ts). The engine calls transforms over a connection on which that is lost: the SDK
 * then no longer knows the stack, nor that its engine takes secrets, and would send back as plain text whatever is secret in
 * the resource. What is entered in the synchronous part of a transform still holds when the SDK goes on behind it.
 */
export function rememberProgram(): RunningProgram {
  const storage: unknown = Reflect.get(globalThis, "asyncLocalStorage");
  const isShared = storage instanceof AsyncLocalStorage;
  const store: unknown = isShared ? storage.getStore() : undefined;
  const key = programKey();
  const messages = said.get(key) ?? new Set<string>();
  said.set(key, messages);
  return {
    enter() {
      // Undefined in an ordinary program, which has the process for itself.
      if (isShared && store !== undefined) storage.enterWith(store);
    },
    isNew(message) {
      const isNew = !messages.has(message);
      messages.add(message);
      return isNew;
    },
  };
}
