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

  const histories: readonly (readonly [
    most: number,
    history: readonly ("429" | number)[],
    slots: readonly number[],
  ])[] = [
    [8, [100], [8]],
    [8, ["429"], [4]],
    [8, ["429", 3, 1], [4, 4, 5]],
    [8, ["429", 4, 5, 6, 7, 100], [4, 5, 6, 7, 8, 8]],
    [8, ["429", 22], [4, 8]],
    [8, ["429", "429", "429", 1, 2, 3], [4, 2, 1, 2, 3, 4]],
    [8, ["429", 3, "429", 1, 1], [4, 4, 2, 2, 3]],
    [1, ["429", 5], [1, 1]],
  ];
  for (const [most, history, slots] of histories) {
    it(`of ${most}, after ${history.join(", ")} (429 halves, a number is of answers): ${slots.join(", ")}`, () => {
      const limiter = new Limiter(most);
      const seen = history.map((event) => {
        if (event === "429") limiter.halve();
        else for (let n = 0; n < event; n++) limiter.succeed();
        return limiter.slots;
      });
      assert.deepEqual(seen, slots);
    });
  }

  it("admits who waits as soon as it has grown", async () => {
    const limiter = new Limiter(4);
    limiter.halve();
    await Promise.all([limiter.acquire(signal), limiter.acquire(signal)]);
    let admitted = 0;
    const waiting = [1, 2, 3].map(() => limiter.acquire(signal).then(() => admitted++));
    for (const expected of [0, 1, 1, 1, 2, 2]) {
      limiter.succeed();
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(admitted, expected);
    }
    assert.equal(limiter.slots, 4);
    limiter.refuseWaiting(new Error("enough"));
    await assert.rejects(Promise.all(waiting), /enough/);
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
