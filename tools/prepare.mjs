// What npm runs before it packs this package, also as a git dependency: compiles it. `npm install --global` of a git address, as
// pre-commit does it, installs no development dependencies first, since the inner npm takes itself for a global one; so they are
// installed here where they are missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const env = { ...process.env, npm_config_global: "false", npm_config_location: "project" };

function npm(...args) {
  const { status } = spawnSync("npm", args, { env, stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync("node_modules/typescript")) npm("ci", "--ignore-scripts", "--include=dev");
npm("run", "build");
