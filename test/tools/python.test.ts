import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePythonWith } from "../../tools/python";

const tool = { name: "some-tool", version: "1.2.3" };

/** Stands in for Python: makes environments whose Python is itself, and installs an empty command. */
const python = `#!/bin/sh
echo "$*" >>"$LOG"
case $2 in
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) case $5 in some-tool==1.2.3) cp "$0" "$(dirname "$0")/some-tool" ;; *) echo "no $5 to be had" >&2; exit 1 ;; esac ;;
esac
`;

describe("a Python that has a package", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-python-"));
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "python3"), python, { mode: 0o755 });
    env = {
      PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
      PINNED_IMAGES_TOOLS: join(folder, "tools"),
      LOG: join(folder, "log"),
    };
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("is made once, from the pinned version, and kept", async () => {
    const said: string[] = [];
    const ensure = async (): Promise<string> => ensurePythonWith(tool, (text) => said.push(text), env);
    const path = await ensure();
    assert.equal(await ensure(), path);
    assert.ok(existsSync(path));
    assert.ok(existsSync(join(path, "..", "some-tool")));
    assert.deepEqual(said, ["installing some-tool 1.2.3 with pip"]);
  });

  it("is not kept by half", async () => {
    await assert.rejects(ensurePythonWith({ ...tool, version: "9" }, undefined, env), {
      name: "ToolError",
      message: "some-tool 9 could not be installed:\nno some-tool==9 to be had",
    });
    assert.deepEqual(await readdir(join(folder, "tools", "some-tool", "9")), []);
  });

  it("needs a Python", async () => {
    await assert.rejects(ensurePythonWith(tool, undefined, { ...env, PATH: "/nowhere" }), {
      name: "ToolError",
      message: /^python3 is not on the PATH.*Install Python 3\.10 or newer\.$/,
    });
  });
});
