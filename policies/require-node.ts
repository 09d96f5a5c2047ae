import { nodeProblem } from "./node-version";

// Imported before everything else by the pack's entry: on an old Node.js the imports behind it would fail with a stack trace
// about something else.
const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
