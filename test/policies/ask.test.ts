import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { parseImageReference, type ImageReference } from "../../images";
import { askOnce } from "../../policies/ask";
import { RegistryError, type RegistryErrorCode } from "../../registry";

const reference = (text: string): ImageReference => parseImageReference(text);

describe("askOnce", () => {
  it("gives up after its patience, says so, and does not wait again for that registry", async () => {
    const asked: string[] = [];
    const ask = askOnce(async ({ registry }, signal) => {
      asked.push(registry);
      return new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("called off"));
        });
      });
    }, 20);
    // AbortSignal.timeout alone does not keep the process running.
    const awake = setInterval(() => undefined, 1_000);
    try {
      const all = [
        ask(reference("ghcr.io/a:1")),
        ask(reference("ghcr.io/b:1")),
        ask(reference("ghcr.io/a:1")),
      ];
      for (const answer of await Promise.all(all)) {
        assert.ok(!answer.ok && answer.error instanceof RegistryError);
        assert.equal(answer.error.message, "ghcr.io gave no answer within 0.02 s");
        assert.equal(answer.error.code, "timeout");
      }
      const again = await ask(reference("ghcr.io/c:1"));
      assert.ok(!again.ok);
      assert.deepEqual(asked, ["ghcr.io", "ghcr.io"]);
    } finally {
      clearInterval(awake);
    }
  });

  it("counts no time against a registry that is waited for elsewhere", async () => {
    const patience = 20;
    const ask = askOnce(async (_, signal, aside) => {
      // Longer than the patience, and two at once.
      const elsewhere = [patience * 3, patience * 4].map(async (ms) => aside(setTimeout(ms, "root")));
      const [root] = await Promise.all(elsewhere);
      signal.throwIfAborted();
      return root;
    }, patience);
    assert.deepEqual(await ask(reference("ghcr.io/a:1")), { ok: true, value: "root" });
  });

  it("counts the registry's time once the other wait is over", async () => {
    const ask = askOnce(async (_, signal, aside) => {
      await aside(setTimeout(1));
      return setTimeout(60_000, "too late", { signal });
    }, 20);
    const answer = await ask(reference("ghcr.io/a:1"));
    assert.ok(!answer.ok && answer.error instanceof RegistryError);
    assert.equal(answer.error.code, "timeout");
  });

  const cases: readonly (readonly [
    what: string,
    code: RegistryErrorCode,
    status: number | undefined,
    asks: number,
  ])[] = [
    ["asks on where there was an answer", "unauthorized", 401, 2],
    // One image's manifest must not speak for all others.
    ["asks on where an answer was malformed", "bad-response", undefined, 2],
    ["asks on where an answer was of another kind", "unsupported-media-type", undefined, 2],
    ["asks on where an answer was not what its digest says", "digest-mismatch", undefined, 2],
    ["asks on where an answer was too large", "too-large", undefined, 2],
    ["does not ask again where nobody listens", "unreachable", undefined, 1],
    ["does not ask again where nobody answers", "timeout", undefined, 1],
  ];
  for (const [what, code, status, asks] of cases) {
    it(`keeps the cause, and ${what}`, async () => {
      const details = { registry: "ghcr.io", repository: "x", outcome: "answered something" };
      const refusal = new RegistryError({ ...details, code, status });
      let asked = 0;
      const ask = askOnce(async () => {
        asked++;
        return Promise.reject(refusal);
      }, 1_000);
      assert.deepEqual(await ask(reference("ghcr.io/x:1")), { ok: false, error: refusal });
      await ask(reference("ghcr.io/x:2"));
      assert.equal(asked, asks);
    });
  }
});
