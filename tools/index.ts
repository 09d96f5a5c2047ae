/**
 * Pinned developer tools for tests, demos and benchmarks: the Pulumi CLI, its host for YAML programs, a real registry, crane,
 * regctl and cosign, kept in a cache outside the work tree. As a command, `node build/tools/index.js [names…]` gets them all and says which way each was had.
 */
import { isToolName, toolNames } from "./catalogue";
import { messageOf } from "./error";
import { describeObtained, obtainTool } from "./obtain";

export { ensureTool } from "./ensure";
export type { ToolName } from "./catalogue";

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !isToolName(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no tool named ${unknown.join(", ")}. There are: ${toolNames.join(", ")}.\n`,
    );
    return 2;
  }
  const wanted = names.length === 0 ? toolNames : names.filter(isToolName);
  let code = 0;
  for (const name of wanted) {
    try {
      process.stdout.write(`${describeObtained(name, await obtainTool(name))}\n`);
    } catch (error) {
      process.stderr.write(`${name}: ${messageOf(error)}\n`);
      code = 3;
    }
  }
  return code;
}

if (require.main === module) void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
