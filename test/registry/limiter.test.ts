import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { createRegistryClient } from "../../registry";
import { Limiter } from "../../registry/limiter";
import { startRegistry } from "../support/registry";

describe("registry/limiter", () => {
  const signal = new AbortController().signal;

  it("admits fewer after a halving, once those under way have left", async () => {
    const limiter = new Limiter(4);
    const releases = await Promise.all([1, 2, 3, 4].map(() => limiter.acquire(signal)));
    let admitted = 0;
    const waiting = [1, 2, 3].map(() =>
      limiter.acquire(signal).then((release) => {
        admitted++;
        return release;
      }),
    );
    limiter.halve();
    const seen: number[] = [];
    for (const release of releases) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(admitted);
    }
    // Two leave unreplaced; the next two are replaced.
    assert.deepEqual(seen, [0, 0, 1, 2]);
    (await waiting[0])?.();
    await Promise.all(waiting);
    assert.equal(admitted, 3);
  });

  it("always admits one", () => {
    const limiter = new Limiter(3);
    for (let n = 0; n < 5; n++) limiter.halve();
    assert.equal(limiter.slots, 1);
  });

  it("answers all after a burst of 429, with fewer under way", async () => {
    const registry = await startRegistry({ latency: 5 });
    const client = createRegistryClient({ environment: {}, home: "/nonexistent" });
    try {
      const references = Array.from({ length: 120 }, (_, n) => {
        registry.push("api", `t${n}`);
        return parseImageReference(`${registry.host}/api:t${n}`);
      });
      const [first] = references;
      if (first !== undefined) await client.resolve(first);
      registry.fail({ kind: "answer", status: 429, headers: { "retry-after": "0" }, times: 20 });
      await Promise.all(references.map((reference) => client.resolve(reference)));
      assert.ok(registry.peak > 8 && registry.peak <= 32, `${registry.peak} at once`);
      assert.equal(registry.log.length, references.length + 20);
    } finally {
      await client.close();
      await registry.close();
    }
  });
});
