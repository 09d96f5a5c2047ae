// What runs already, looked at through the real engine without a preview: "pulumi policy analyze".
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { createTestStack, type TestStack } from "../support/engine";
import { projectRoot } from "../support/paths";

const settings = {
  suggestDigests: false,
  environments: [{ name: "development", stacks: ["dev"], level: "advise" }],
};

describe("pulumi policy analyze", function () {
  this.timeout(60_000);
  let stack: TestStack;

  before(async () => {
    stack = await createTestStack({
      stackName: "dev",
      program: () => {
        new kubernetes.core.v1.Pod("web", { spec: { containers: [{ name: "web", image: "nginx:1.27.0" }] } });
      },
    });
    assert.equal((await stack.up()).exitCode, 0);
  });
  after(async () => {
    await stack.dispose();
  });

  it("refuses a stack that was deployed without the pack, as docs/guides/audit.md shows", async () => {
    const config = join(stack.workDir, "strict.json");
    await writeFile(config, JSON.stringify({ settings: { suggestDigests: false } }));
    const pack = ["--policy-pack", projectRoot, "--policy-pack-config", config];
    const { code, stdout } = await stack.command("policy", "analyze", "--stack", "dev", ...pack);
    assert.equal(code, 1, stdout);
    const guide = readFileSync(join(projectRoot, "docs", "guides", "audit.md"), "utf8");
    const shown = /```text\n([^]*?)\n```/.exec(guide)?.[1] ?? "there is no output in the guide";
    for (const line of shown.split("\n")) assert.ok(stdout.includes(line), `${line}\n---\n${stdout}`);
  });

  it("treats an exported state by the stack's name, and gives JSON", async () => {
    const state = join(stack.workDir, "state.json");
    const config = join(stack.workDir, "environments.json");
    await writeFile(config, JSON.stringify({ settings }));
    assert.equal((await stack.command("stack", "export", "--stack", "dev", "--file", state)).code, 0);
    const pack = ["--policy-pack", projectRoot, "--policy-pack-config", config];
    const { code, stdout } = await stack.command("policy", "analyze", "--file", state, "--json", ...pack);
    assert.equal(code, 0, stdout);
    const levels = [...stdout.matchAll(/"policyName":"([^"]*)".*"enforcementLevel":"([^"]*)"/g)];
    assert.deepEqual(levels.map(([, policy, level]) => `${level} ${policy}`).toSorted(), [
      "advisory container-runtime-restricted",
      "advisory image-pinned-by-digest",
    ]);
  });
});
