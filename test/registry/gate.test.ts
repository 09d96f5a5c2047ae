import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { createRegistryClient, RegistryError, type RegistryErrorCode } from "../../registry";
import { Interrupted } from "../../registry/deadline";
import { Gate } from "../../registry/gate";
import { startRegistry } from "../support/registry";

const subject = { registry: "r.example", repository: "api" };

function failure(code: RegistryErrorCode): RegistryError {
  return new RegistryError({ ...subject, code, outcome: "went wrong", retryAfter: 7, fix: "wait" });
}

/** A call, and what ends it. */
function call(gate: Gate, signal?: AbortSignal) {
  const steps: { end: (outcome: RegistryError | string) => void } = { end: () => undefined };
  let begun = false;
  const outcome = gate
    .admit(subject, signal, () => {
      begun = true;
      return new Promise<string>((resolve, reject) => {
        steps.end = (result) => {
          if (typeof result === "string") resolve(result);
          else reject(result);
        };
      });
    })
    .catch((error: unknown) => error);
  return {
    outcome,
    begun: () => begun,
    end: (result: RegistryError | string) => {
      steps.end(result);
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("registry/gate", () => {
  it("admits so many, and the next when one has ended", async () => {
    const gate = new Gate(2);
    const calls = [call(gate), call(gate), call(gate)] as const;
    await settle();
    assert.deepEqual(
      calls.map(({ begun }) => begun()),
      [true, true, false],
    );
    calls[1].end("done");
    await settle();
    assert.equal(calls[2].begun(), true);
    assert.equal(await calls[1].outcome, "done");
    for (const each of calls) each.end("done");
    await Promise.all(calls.map(({ outcome }) => outcome));
  });

  const refusing: readonly (readonly [code: RegistryErrorCode, refuses: boolean])[] = [
    ["unreachable", true],
    ["timeout", true],
    ["tls", true],
    ["rate-limited", true],
    ["not-found", false],
    ["unauthorized", false],
    ["server-error", false],
  ];
  for (const [code, refuses] of refusing) {
    it(`${refuses ? "tells all who wait of" : "lets the next try after"} ${code}`, async () => {
      const gate = new Gate(1);
      const [first, second] = [call(gate), call(gate)];
      await settle();
      first.end(failure(code));
      await settle();
      assert.equal(second.begun(), !refuses);
      if (!refuses) {
        second.end("done");
        return;
      }
      const error = await second.outcome;
      assert.ok(error instanceof RegistryError);
      assert.deepEqual([error.code, error.retryAfter, error.fix], [code, 7, "wait"]);
      assert.equal(error.message, "was not asked about, because went wrong");
    });
  }

  it("lets the next try where the registry has answered meanwhile", async () => {
    const gate = new Gate(2);
    const [slow, quick, next] = [call(gate), call(gate), call(gate)];
    await settle();
    quick.end("done");
    await settle();
    const last = call(gate);
    slow.end(failure("timeout"));
    await settle();
    assert.deepEqual([next.begun(), last.begun()], [true, true]);
    for (const each of [next, last]) each.end("done");
  });

  it("lets a caller leave who waits", async () => {
    const gate = new Gate(1);
    const first = call(gate);
    const controller = new AbortController();
    const second = call(gate, controller.signal);
    await settle();
    controller.abort();
    assert.ok((await second.outcome) instanceof Interrupted);
    first.end("done");
  });

  it("ends a thousand questions to a registry that is not there as soon as one", async () => {
    const client = createRegistryClient({ environment: {}, home: "/nonexistent", concurrency: 2 });
    try {
      const started = performance.now();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 1000 }, (_, n) => client.resolve(parseImageReference(`localhost:1/api:t${n}`))),
      );
      assert.ok(performance.now() - started < 3000);
      const messages = outcomes.map((outcome) => {
        assert.ok(outcome.status === "rejected" && outcome.reason instanceof RegistryError);
        assert.equal(outcome.reason.code, "unreachable");
        return outcome.reason.message;
      });
      assert.match(messages[0] ?? "", /^HEAD .* could not be sent: the connection was refused$/);
      assert.match(messages[1] ?? "", /^HEAD .* was not sent, because HEAD /);
      assert.match(messages[999] ?? "", /^was not asked about, because HEAD .* refused$/);
    } finally {
      await client.close();
    }
  });

  it("answers more than it lets work at once", async () => {
    const registry = await startRegistry({ auth: { kind: "token" } });
    const client = createRegistryClient({ environment: {}, home: "/nonexistent", concurrency: 2 });
    try {
      const references = Array.from({ length: 100 }, (_, n) => {
        registry.push(`team/app${n % 10}`, `t${n}`);
        return parseImageReference(`${registry.host}/team/app${n % 10}:t${n}`);
      });
      await Promise.all(references.map((reference) => client.resolve(reference)));
      assert.equal(registry.log.length, 100 + 10 + 1);
    } finally {
      await client.close();
      await registry.close();
    }
  });
});
