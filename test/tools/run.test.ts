import assert from "node:assert/strict";
import { describe, it } from "mocha";

import { run } from "../../tools/run";

describe("running a command", () => {
  it("gives its output and its exit code", async () => {
    const result = await run("sh", ["-c", "echo out; echo err >&2; exit 3"], { timeoutMs: 5_000 });
    assert.deepEqual(result, { code: 3, stdout: "out\n", stderr: "err\n", timedOut: false });
  });

  it("ends it and its children when its time is over", async () => {
    const start = performance.now();
    const { timedOut, code } = await run("sh", ["-c", "sleep 60 & wait"], { timeoutMs: 200 });
    assert.deepEqual([timedOut, code], [true, undefined]);
    assert.ok(performance.now() - start < 5_000);
  });

  it("rejects when there is no such command", async () => {
    await assert.rejects(run("/nowhere/at-all", [], { timeoutMs: 1_000 }), { code: "ENOENT" });
  });
});
