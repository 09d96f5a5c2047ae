// Runs every test under coverage, with the real tools at hand, and ends with the line "N passed, N failed".
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

function run(command, ...args) {
  // npm's scripts have node_modules/.bin on the PATH.
  const { status, error } = spawnSync(command, args, { stdio: "inherit", shell: false });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

const counts = "build/test-counts.json";
rmSync(counts, { force: true });

let status = run("node", "build/tools/index.js");
if (status === 0) status = run("c8", "mocha", ...process.argv.slice(2));

let { passes, failures, pending } = { passes: 0, failures: 1, pending: 0 };
try {
  ({ passes, failures, pending } = JSON.parse(readFileSync(counts, "utf8")));
} catch {
  console.error("the tests did not come to their end");
}
// A test that is skipped shows nothing, so it does not count as one that passed.
if (pending > 0) console.error(`${pending} tests were skipped; none may be`);
failures += pending;
if (status !== 0 && failures === 0) failures = 1;
console.log(`${passes} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
