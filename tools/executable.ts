import { access, constants, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";

export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Every executable of that name on the PATH, in its order. Relative entries are left out: they depend on where we stand. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const found: string[] = [];
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    if (isAbsolute(folder) && (await isExecutable(join(folder, file)))) found.push(join(folder, file));
  }
  return found;
}
