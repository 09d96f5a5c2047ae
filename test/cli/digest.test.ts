import assert from "node:assert/strict";
import { digest } from "../../cli/digest";
import { startRegistry, type Registry } from "../support/registry";

describe("pinned-images digest", () => {
  let registry: Registry;
  before(async () => {
    registry = await startRegistry(); // a stand-in for a real registry
  });
  after(async () => {
    await registry.close();
  });

  async function run(...references: string[]) {
    const written = { stdout: "", stderr: "" };
    const code = await digest(references, {
      stdout: { write: (text: string) => (written.stdout += text) },
      stderr: { write: (text: string) => (written.stderr += text) },
    });
    return { code, ...written };
  }

  it("prints one digest for each reference, in order, and loses none to one that fails", async () => {
    const one = registry.push("team/one", "1", { platforms: ["linux/amd64"] });
    const two = registry.push("team/two", "2", { platforms: ["linux/amd64", "linux/arm64"] });
    const name = (rest: string) => `${registry.host}/team/${rest}`;
    assert.deepEqual(await run(name("two:2"), name("one:1")), {
      code: 0,
      stdout: `${two}\n${one}\n`,
      stderr: "",
    });
    const { code, stdout, stderr } = await run(name("two:2"), name("one:9"), name("one:1"));
    assert.equal(code, 3);
    assert.equal(stdout, `${two}\n${one}\n`);
    assert.match(stderr, /^cannot resolve "localhost:\d+\/team\/one:9": .* answered 404 .*\nfix: .*\n$/);
  });
});
