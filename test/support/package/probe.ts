/**
 * Preloaded into a process: when it ends, writes to the file in PROBE_FILE which packages it had loaded, which of our own files, and how
 * often something began to listen. A terminated process ends the usual way, so that a server can be looked at, too.
 */
import { writeFileSync } from "node:fs";
import { Server } from "node:net";
import { sep } from "node:path";

const file = process.env["PROBE_FILE"];
if (file === undefined) throw new Error("PROBE_FILE is not set");

let listening = 0;
const listen = Reflect.get(Server.prototype, "listen");
Reflect.set(Server.prototype, "listen", function (this: Server, ...args: unknown[]): unknown {
  listening++;
  const server: unknown = Reflect.apply(listen, this, args);
  return server;
});

process.once("SIGTERM", () => process.exit(0));
process.on("exit", () => {
  const loaded = new Set(Object.keys(require.cache).flatMap(packageOf));
  const own = Object.keys(require.cache).flatMap(ownFile);
  writeFileSync(file, JSON.stringify({ listening, loaded: [...loaded].sort(), own: own.sort() }));
});

/** A compiled file of the package itself, by its path in `dist`, with forward slashes; none for others. */
function ownFile(path: string): string[] {
  const [, own] = path.split(`${sep}pulumi-pinned-images${sep}dist${sep}`);
  return own === undefined ? [] : [own.replaceAll(sep, "/")];
}

/** The package that a module belongs to; none for modules outside of node_modules. */
function packageOf(path: string): string[] {
  const folder = `${sep}node_modules${sep}`;
  const at = path.lastIndexOf(folder);
  if (at === -1) return [];
  const [first = "", second = ""] = path.slice(at + folder.length).split(sep);
  return [first.startsWith("@") ? `${first}/${second}` : first];
}
