import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { projectRoot } from "../paths";

/** The Node.js of the project, so that packs and stand-ins run on the same version wherever the tests start. */
const node = join(projectRoot, "node_modules", ".bin", "node");

export interface EngineFolders {
  /** Goes first on the engine's PATH. */
  readonly bin: string;
  /** PULUMI_HOME: the engine takes plugins from its cache without a word, and warns of those on the PATH. */
  readonly home: string;
  /** Where `pulumi` runs. */
  readonly workDir: string;
}

/**
 * Writes what the engine will find before anything else: the real Pulumi CLI behind a script, and the stand-ins for
 * what comes from no package registry. POSIX shells only, like the tests that use it.
 */
export async function writeStandIns(
  { bin, home, workDir }: EngineFolders,
  pulumi: string,
  processIdFile: string,
  { providers, plugins, yamlHost }: Plugins,
): Promise<void> {
  await writeScript(join(bin, "pulumi"), pulumiScript(pulumi, processIdFile));
  await writePlugin(home, "analyzer", "policy-nodejs", "1.0.0", packHostScript(workDir));
  for (const provider of providers) {
    const [name = provider, version = await installedVersion(name)] = provider.split("@");
    await writePlugin(home, "resource", name, version, providerScript(name, version));
  }
  for (const [plugin, folder] of Object.entries(plugins)) {
    const [name = plugin, version = ""] = plugin.split("@");
    await writePlugin(home, "resource", name, version, pluginScript(folder));
  }
  if (yamlHost !== undefined) {
    await writePlugin(home, "language", "yaml", "1.0.0", `exec ${quote(yamlHost)} "$@"\n`);
  }
}

interface Plugins {
  /** Packages to stand in for: `name` or `name@version`. */
  readonly providers: readonly string[];
  /** The folders of real plugins by `name@version`. */
  readonly plugins: Readonly<Record<string, string>>;
  /** The real host of YAML programs. */
  readonly yamlHost: string | undefined;
}

/** Puts an executable where the engine keeps its installed plugins. */
async function writePlugin(
  home: string,
  kind: "analyzer" | "language" | "resource",
  name: string,
  version: string,
  body: string,
): Promise<void> {
  await writeScript(join(home, "plugins", `${kind}-${name}-v${version}`, `pulumi-${kind}-${name}`), body);
}

/** Not a stand-in: the real CLI, which first says who it is, so that it can be ended if it hangs. */
function pulumiScript(pulumi: string, processIdFile: string): string {
  return `echo $$ > ${quote(processIdFile)}\nexec ${quote(pulumi)} "$@"\n`;
}

/**
 * A stand-in for the Node.js language host, as far as it starts policy packs: the engine runs it in the pack's folder
 * with its own address and "." as arguments. The runner is the pack's own, else that of a folder above, like Node.js
 * resolves it, else the project's. A shell sets PWD to where it stands; the real host leaves it as it was when the
 * user ran `pulumi`, and packs rely on that.
 */
function packHostScript(workDir: string): string {
  return `
runner=node_modules/@pulumi/pulumi/cmd/run-policy-pack
folder=$PWD
while [ ! -d "$folder/$runner" ] && [ -n "$folder" ]; do folder=\${folder%/*}; done
[ -n "$folder" ] || folder=${quote(projectRoot)}
export PWD=${quote(workDir)}
exec ${quote(node)} --require ${quote(join(__dirname, "exit-with-parent.js"))} "$folder/$runner" "$@"
`;
}

function providerScript(provider: string, version: string): string {
  const watch = quote(join(__dirname, "exit-with-parent.js"));
  const standIn = quote(join(__dirname, "provider-stand-in.js"));
  return `exec ${quote(node)} --require ${watch} ${standIn} ${quote(provider)} ${quote(version)} "$@"\n`;
}

/** Starts a real plugin of Node.js as its language host does: in the program's folder, with the plugin's as first argument. */
function pluginScript(folder: string): string {
  const watch = quote(join(__dirname, "exit-with-parent.js"));
  const runner = quote(join(projectRoot, "node_modules", "@pulumi", "pulumi", "cmd", "run-plugin"));
  return `exec ${quote(node)} --require ${watch} ${runner} ${quote(folder)} "$@"\n`;
}

/** The version that the installed SDK asks the engine for, which takes no other. */
async function installedVersion(provider: string): Promise<string> {
  const manifest = join(projectRoot, "node_modules", "@pulumi", provider, "package.json");
  try {
    const parsed: unknown = JSON.parse(await readFile(manifest, "utf8"));
    if (typeof parsed === "object" && parsed !== null && "version" in parsed) return String(parsed.version);
  } catch {
    // Not installed: a program that uses it brings resources by their token, without a version.
  }
  return "1.0.0";
}

async function writeScript(path: string, body: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}`);
  await chmod(path, 0o755);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
