/** Names that were found plain: those of the tables come up again and again. Bounded, since others come from programs. */
const plain = new Set<string>();

function isPlain(name: string): boolean {
  if (plain.has(name)) return true;
  if (!/^[\w-]+$/.test(name)) return false;
  if (plain.size < 1_000) plain.add(name);
  return true;
}

/** The path one step further: `a.b`, and `a["b.c/d"]` for a name that would read as several. */
export function pathTo(path: string, name: string): string {
  if (!isPlain(name)) return `${path}[${JSON.stringify(name.slice(0, 200))}]`;
  return path === "" ? name : `${path}.${name}`;
}
