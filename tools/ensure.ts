import type { ToolName } from "./catalogue";
import { describeObtained, obtainTool } from "./obtain";

const paths = new Map<ToolName, Promise<string>>();

/** The absolute path of a tool. Each process looks once, however many ask; a failure may be tried again. */
export async function ensureTool(name: ToolName): Promise<string> {
  let path = paths.get(name);
  if (path === undefined) {
    path = obtainTool(name).then((tool) => {
      process.stderr.write(`${describeObtained(name, tool)}\n`);
      return tool.path;
    });
    paths.set(name, path);
    path.catch(() => paths.delete(name));
  }
  return path;
}
