import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "mocha";
import { parseImageReference } from "../../images";
import { RegistryError } from "../../registry";
import { answerRows } from "./fault-matrix-answers";
import { artifactRows } from "./fault-matrix-artifacts";
import { authRows } from "./fault-matrix-auth";
import { credentialRows } from "./fault-matrix-credentials";
import { redirectRows } from "./fault-matrix-redirects";
import { echoRows } from "./fault-matrix-echoes";
import { imageQuestion } from "./fault-matrix-question";
import { planted, soon, tokenAuth, type Row } from "./fault-matrix-row";
import { secretsOf, viewsOf } from "./fault-matrix-secrets";
import { connect, marker, openSite, type Connection, type Site } from "./fault-matrix-site";
import { wireRows } from "./fault-matrix-wire";

const groups: readonly (readonly [string, readonly Row[]])[] = [
  ["answers", answerRows],
  ["authentication", authRows],
  ["redirects", redirectRows],
  ["the wire", wireRows],
  ["echoes of secrets", echoRows],
  ["credentials", credentialRows],
  ["beside an image", artifactRows],
];

/** How a case ended: the digest, an error, or not at all. */
type End =
  | { readonly kind: "digest"; readonly digest: string }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "none" };

interface Ended {
  readonly end: End;
  readonly milliseconds: number;
}

async function ask(client: Connection, row: Row, site: Site): Promise<Ended> {
  const { bound, question = imageQuestion, reference = question.reference } = row;
  const started = performance.now();
  const answer = question.ask(client, reference(site)).then(
    (digest): End => ({ kind: "digest", digest }),
    (error: unknown): End => ({ kind: "error", error }),
  );
  const stop = new AbortController();
  const none: End = { kind: "none" };
  const end = await Promise.race([
    answer,
    sleep(bound + 500, none, { signal: stop.signal }).catch(() => none),
  ]);
  stop.abort();
  return { end, milliseconds: performance.now() - started };
}

function outcomeOf(end: End): string {
  if (end.kind === "none") return "no end";
  if (end.kind === "digest") return "digest";
  return end.error instanceof RegistryError ? end.error.code : `${String(end.error)} (no RegistryError)`;
}

function check(row: Row, { end, milliseconds }: Ended, site: Site): void {
  assert.equal(outcomeOf(end), row.ends, end.kind === "error" ? String(end.error) : undefined);
  if (end.kind === "digest") assert.equal(end.digest, (row.question ?? imageQuestion).right(site));
  assert.ok(milliseconds <= row.bound, `took ${Math.round(milliseconds)} ms`);
  const { log } = site.registry;
  if (row.requests !== undefined) {
    const seen = log.map(({ method, path }) => `${method} ${path}`).join(", ");
    assert.ok(log.length <= row.requests, `${log.length} requests: ${seen}`);
  }
  for (const { headers, body } of site.other.log) {
    assert.equal(headers.authorization, undefined, "the other server was shown credentials");
    assert.equal(body, "");
  }
  if (end.kind !== "error") return;
  if (row.says !== undefined) assert.match(String(end.error), row.says);
  for (const secret of secretsOf([log, site.other.log])) {
    for (const view of viewsOf(end.error)) {
      assert.ok(
        !view.toLowerCase().includes(secret.toLowerCase()),
        `the error holds the secret ${secret}: ${view}`,
      );
    }
  }
}

describe("registry/fault matrix", () => {
  const table: string[] = [];

  async function run(row: Row): Promise<void> {
    const { auth = tokenAuth(), host = "localhost", wire } = row;
    const site = await openSite({ auth, name: host, wire });
    const client = connect(site, (row.options ?? planted)(site));
    try {
      await row.prepare?.(site);
      for (const fault of [...(row.more?.(site) ?? []), ...(row.faults ?? [])]) site.registry.fail(fault);
      if (row.before !== undefined) {
        await client.resolve(parseImageReference(`${site.host}/api:${row.before.tag}`));
        row.before.then(site);
      }
      const ended = await ask(client, row, site);
      const figures = `${Math.round(ended.milliseconds)}`.padStart(5) + `${row.bound}`.padStart(6);
      table.push(`${row.name.padEnd(60)} ${outcomeOf(ended.end).padEnd(23)}${figures}`);
      check(row, ended, site);
    } finally {
      await client.close();
      await site.close();
    }
  }

  for (const [group, rows] of groups) {
    describe(group, () => {
      for (const row of rows) it(`${row.name} → ${row.ends}`, () => run(row));
    });
  }

  it("lets a caller leave while a helper hangs", async () => {
    const site = await openSite({ auth: tokenAuth(), name: "localhost", wire: undefined });
    const client = connect(site, { environment: { PATH: `${site.home}/bin:/usr/bin:/bin` } });
    try {
      await site.write(".docker/config.json", JSON.stringify({ credsStore: "matrix" }));
      await site.write("bin/docker-credential-matrix", "#!/bin/sh\nexec sleep 5\n", 0o700);
      const started = performance.now();
      const signal = AbortSignal.timeout(100);
      const question = client.resolve(parseImageReference(`${site.host}/api:1`), { signal });
      await assert.rejects(question, { name: "RegistryError", code: "aborted" });
      assert.ok(performance.now() - started < soon);
    } finally {
      await client.close();
      await site.close();
    }
  });

  it("sees a secret wherever an error can hold one", () => {
    const places: readonly unknown[] = [
      new Error(marker),
      new Error("x", { cause: new Error("y", { cause: new Error(marker) }) }),
      Object.assign(new Error("x"), { data: { deep: [{ deeper: marker }] } }),
      Object.defineProperty(new Error("x"), "hidden", { value: marker, enumerable: false }),
      Object.assign(new Error("x"), { toJSON: () => marker }),
    ];
    for (const place of places) assert.ok(viewsOf(place).some((view) => view.includes(marker)));
    assert.ok(!viewsOf(new Error("x")).some((view) => view.includes(marker)));
  });

  it("has no case twice", () => {
    const names = groups.flatMap(([, rows]) => rows.map(({ name }) => name));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 45);
  });

  after(() => {
    const head = `${"case".padEnd(60)} ${"outcome".padEnd(23)}   ms bound`;
    console.log(`\n${[head, ...table].join("\n")}\n\n${table.length} cases`);
  });
});
