/**
 * A process that writes a lock, for tests of what happens when several do, or when one dies. Says "ready" and waits for "go".
 *
 *     writer.js loop <path>         replaces the lock by the other one of the two, over and over
 *     writer.js add <path> <name>   adds an image, and ends
 */
import { once } from "node:events";
import { updateLockFile } from "../../../lock";
import { entryWith, states } from "./entries";

async function main([verb, path = "", name = ""]: readonly string[]): Promise<void> {
  if (verb === "add") {
    process.send?.("ready");
    await once(process, "message");
    await updateLockFile(path, ({ images }) => ({ images: new Map(images).set(name, entryWith()) }));
    process.disconnect();
    return;
  }
  for (let turn = 0; process.connected; turn++) {
    // Whose turn it is depends on what is there, so that each turn writes.
    await updateLockFile(path, (lock) => (lock.$schema === states[0].$schema ? states[1] : states[0]));
    if (turn === 0) process.send?.("ready");
  }
}

void main(process.argv.slice(2));
