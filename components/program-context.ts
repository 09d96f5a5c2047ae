import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Remembers which program is running, and gives the function that brings it back in a callback of the engine.
 *
 * Programs of the Automation API share a process, and the SDK keeps what belongs to one in an AsyncLocalStorage
 * (`global.asyncLocalStorage`, @pulumi/pulumi runtime/state.ts). The engine calls transforms over a connection on which that is lost: the SDK
 * then no longer knows the stack, nor that its engine takes secrets, and would send back as plain text whatever is secret in
 * the resource. What is entered in the synchronous part of a transform still holds when the SDK goes on behind it.
 */
export function rememberProgram(): () => void {
  const storage: unknown = Reflect.get(globalThis, "asyncLocalStorage");
  if (!(storage instanceof AsyncLocalStorage)) return () => undefined;
  const store: unknown = storage.getStore();
  // Undefined in an ordinary program, which has the process for itself.
  if (store === undefined) return () => undefined;
  return () => {
    storage.enterWith(store);
  };
}
