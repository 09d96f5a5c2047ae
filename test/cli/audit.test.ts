import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "mocha";
import * as v from "valibot";
import { createWorkplace, type Outcome, type Workplace } from "../support/command-line";
import { testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";
import { fixture } from "../support/paths";
import { startRegistry } from "../support/registry";

const jsonSchema = v.object({
  version: v.literal(1),
  sources: v.array(
    v.looseObject({
      kind: v.picklist(["lock", "stack", "files"]),
      images: v.array(v.looseObject({ classes: v.array(v.string()) })),
    }),
  ),
  failed: v.array(v.object({ subject: v.string(), error: v.looseObject({ code: v.string() }) })),
  summary: v.object({
    images: v.number(),
    toLookAt: v.number(),
    classes: v.record(v.string(), v.number()),
  }),
});

function parse({ stdout }: Outcome): v.InferOutput<typeof jsonSchema> {
  return v.parse(jsonSchema, JSON.parse(stdout));
}

describe("pinned-images audit", () => {
  let place: Workplace;

  beforeEach(async () => {
    place = await createWorkplace();
  });

  afterEach(async () => {
    await place.remove();
  });

  async function audit(...args: string[]): Promise<Outcome> {
    return place.run(["audit", ...args]);
  }

  describe("of two locks and a stack", () => {
    beforeEach(async () => {
      for (const name of ["images.lock.json", "images.production.lock.json", "state.json"]) {
        await copyFile(fixture("audit", name), place.path(name));
      }
    });

    it("reads as it was recorded", async () => {
      const outcome = await audit("--state", "state.json", "--history");
      assert.deepEqual([outcome.code, outcome.stderr], [1, ""]);
      assert.equal(outcome.stdout, readFileSync(fixture("audit", "report.txt"), "utf8"));
    });

    it("says nothing of a secret, be it encrypted or not", async () => {
      const state = await place.read("state.json");
      assert.match(state, /very-secret/);
      for (const args of [[], ["--json"], ["--history"], ["--image", "*"]]) {
        const { stdout, stderr } = await audit("--state", "state.json", ...args);
        assert.doesNotMatch(stdout + stderr, /very-secret|ciphertext|v1:q83v/);
      }
    });

    it("says the same as JSON", async () => {
      const { sources, failed, summary } = parse(await audit("--state", "state.json", "--json"));
      assert.deepEqual(
        sources.map(({ kind, images }) => [kind, images.length]),
        [
          ["lock", 2],
          ["lock", 5],
          ["stack", 12],
        ],
      );
      assert.deepEqual(failed, []);
      assert.deepEqual(summary, {
        images: 19,
        toLookAt: 10,
        classes: {
          ...{ "rolled-back": 1, malformed: 1, unpinned: 2, differs: 1, "not-in-lock": 1, unreadable: 2 },
          ...{ "tag-moved": 1, stale: 2, held: 1, local: 1, ok: 7 },
        },
      });
    });

    // what is asked for → the number of images of each source
    const choices: readonly (readonly [args: readonly string[], images: readonly number[]])[] = [
      [[], [2, 5]],
      [
        ["--image", "nginx:*"],
        [1, 1],
      ],
      [
        ["--image", "nginx:*", "--state", "state.json"],
        [1, 1, 5],
      ],
      [["--lock", "images.production.lock.json"], [5]],
      [
        ["--lock", "images.production.lock.json", "images.lock.json"],
        [5, 2],
      ],
    ];
    for (const [args, images] of choices) {
      it(`${args.join(" ")} lists ${images.join(" and ")}`, async () => {
        const { sources } = parse(await audit("--json", ...args));
        assert.deepEqual(
          sources.map((source) => source.images.length),
          images,
        );
      });
    }

    it("is clean when nothing is too old", async () => {
      const { code, stdout } = await audit("--lock", "images.lock.json", "--max-age", "91");
      assert.equal(code, 0);
      assert.match(stdout, /\n {2}2 images listed, none needs a look\n/);
      assert.doesNotMatch(stdout, /What to do next/);
    });

    it("loses nothing to a lock that is broken", async () => {
      await place.write("images.dev.lock.json", "{");
      const { code, stdout, stderr } = await audit();
      assert.equal(code, 2);
      assert.match(stderr, /^\S*images\.dev\.lock\.json:1:2: is no JSON: it ends too early\nfix: /);
      assert.match(stdout, /\nEnvironment production: images\.production\.lock\.json, 5 images\n/);
      assert.equal(parse(await audit("--json")).failed[0]?.error.code, "syntax");
    });

    it("compares a stack with the lock of its environment, else with that of all", async () => {
      const compared = async (): Promise<string | undefined> =>
        / compared with (.*)/.exec((await audit("--state", "state.json")).stdout)?.[1];
      assert.equal(await compared(), "images.production.lock.json");
      const renamed = (await place.read("state.json")).replaceAll("pulumi:production::", "pulumi:dev::");
      await place.write("state.json", renamed);
      assert.equal(await compared(), "images.lock.json");
    });

    it("draws nothing on a terminal that a state or a lock brings", async () => {
      const hostile = (await place.read("state.json"))
        .replace('"busybox"', '"busy\\u001b[31mbox"')
        .replaceAll("::web", "::we\\u009b31mb");
      await place.write("state.json", hostile);
      for (const args of [[], ["--json"]]) {
        const { stdout } = await audit("--state", "state.json", ...args);
        // eslint-disable-next-line no-control-regex -- control characters are what must not get through
        assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }
    });

    it("changes nothing, and needs no registry", async () => {
      const before = await place.read("images.production.lock.json");
      await audit("--state", "state.json", "--history");
      assert.equal(await place.read("images.production.lock.json"), before);
    });
  });

  describe("that asks first", () => {
    it("records what it sees, says what is missing, and what could not be asked", async () => {
      const registry = await startRegistry();
      try {
        const names = ["gone", "kept", "moved", "refused"].map((name) => `${registry.host}/${name}:1`);
        const gone = registry.push("gone", "1");
        for (const name of ["kept", "moved", "refused"]) registry.push(name, "1");
        await place.run(["pin", ...names]);
        registry.push("moved", "1", { seed: "new" });
        registry.fail({ kind: "answer", status: 404, path: gone });
        registry.fail({ kind: "answer", status: 403, path: "/refused/" });
        place.now += 2 * 24 * 60 * 60 * 1000;
        const before = await place.read();
        const dry = await audit("--verify", "--dry-run", "--json");
        assert.equal(await place.read(), before);

        const { code, stdout, stderr } = await audit("--verify");
        assert.equal(code, 3);
        assert.match(stderr, /^cannot resolve ".*\/refused:1": HEAD .* answered 403/);
        const labels = [...stdout.matchAll(/^ {2}(\S.*?) +localhost:\d+\/(\w+):1 /gm)].map(
          ([, ...found]) => found,
        );
        const expected = [
          ["missing", "gone"],
          ["tag moved", "moved"],
          ["not asked", "refused"],
          ["ok", "kept"],
        ];
        assert.deepEqual(labels, expected);
        const { images } = await place.lock();
        assert.deepEqual(
          names.map((name) => images.get(name)?.verifiedAt.slice(0, 10)),
          ["2026-11-21", "2026-11-23", "2026-11-23", "2026-11-21"],
        );
        assert.equal(images.get(names[2] ?? "")?.tagMovedAt?.slice(0, 10), "2026-11-23");
        assert.deepEqual(parse(dry).summary.classes, { missing: 1, "tag-moved": 1, "not-asked": 1, ok: 1 });
      } finally {
        await registry.close();
      }
    });
  });

  it("takes a tag that has what was rolled back for known", async () => {
    const registry = await startRegistry();
    try {
      const name = `${registry.host}/api:1`;
      registry.push("api", "1", { seed: "good" });
      await place.run(["pin", name]);
      registry.push("api", "1", { seed: "bad" });
      await place.run(["refresh"]);
      await place.run(["rollback", name]);
      const held = await audit("--verify");
      assert.equal(held.code, 0);
      assert.match(held.stdout, /\n {2}held {9}localhost/);
      registry.push("api", "1", { seed: "third" });
      const moved = await audit("--verify");
      assert.equal(moved.code, 1);
      assert.match(moved.stdout, /\n {2}tag moved, held localhost/);
    } finally {
      await registry.close();
    }
  });

  it("names commands that there are", async () => {
    const registry = await startRegistry();
    try {
      const name = `${registry.host}/api:1`;
      registry.push("api", "1", { platforms: ["linux/amd64", "linux/arm64"], seed: "good" });
      await place.run(["pin", name, "--platform", "linux/arm64", "--lock", "images.dev.lock.json"]);
      registry.push("api", "1", { platforms: ["linux/amd64", "linux/arm64"], seed: "bad" });
      await place.run(["refresh", "--lock", "images.dev.lock.json"]);
      await place.run(["rollback", name, "--platform", "linux/arm64", "--lock", "images.dev.lock.json"]);
      place.now += 100 * 24 * 60 * 60 * 1000;
      registry.push("api", "1", { platforms: ["linux/amd64", "linux/arm64"], seed: "third" });
      const { stdout } = await audit("--verify");
      const commands = [...stdout.matchAll(/\$ pinned-images (.*)/g)].map(([, words = ""]) => words);
      assert.deepEqual(commands, [
        `refresh ${name} --lock images.dev.lock.json --dry-run`,
        `refresh ${name} --lock images.dev.lock.json`,
        `rollback --release ${name} --platform linux/arm64 --lock images.dev.lock.json`,
      ]);
      for (const words of commands) assert.equal((await place.run(words.split(" "))).code, 0, words);
    } finally {
      await registry.close();
    }
  });

  it("names the command for a digest without a tag, which only lacks the tag", async () => {
    const registry = await startRegistry();
    try {
      const image = `${registry.host}/api`;
      const digest = registry.push("api", "1");
      await place.write("Dockerfile", `FROM ${image}@${digest}\n`);
      const { stdout } = await audit("--in", ".");
      const [, command = ""] = /\$ pinned-images (.*)/.exec(stdout) ?? [];
      assert.equal(command, `pin "${image}:<tag>@${digest}"`);
      const words = command.replaceAll('"', "").replace("<tag>", "1").split(" ");
      assert.equal((await place.run(words)).code, 0);
      assert.equal((await audit("--in", ".")).code, 0);
    } finally {
      await registry.close();
    }
  });

  it("finds the locks of environments where there is none for all", async () => {
    await copyFile(fixture("audit", "images.lock.json"), place.path("images.dev.lock.json"));
    assert.match((await audit()).stdout, /\nEnvironment dev: images\.dev\.lock\.json, 2 images\n/);
  });

  it("audits a stack without any lock", async () => {
    await copyFile(fixture("audit", "state.json"), place.path("state.json"));
    const { code, stdout } = await audit("--state", "state.json");
    assert.equal(code, 1);
    assert.match(stdout, /: state\.json, 12 images, there is no lock to compare with\n/);
    assert.match(stdout, /\n {17}\$ pinned-images pin docker\.io\/library\/redis:7\n/);
  });

  it("finds no fault with a text that only looks like an image, and none with a secret beside it", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:a:b",
    };
    const env = [
      { name: "RUNNER_IMAGE", value: "ghcr.io/acme/runner:1" },
      { name: "TOKEN", value: secret },
      { name: "PASSWORD_IMAGE", value: secret },
    ];
    const type = "kubernetes:core/v1:Pod";
    const inputs = { spec: { containers: [{ name: "ci", env }], nodeName: secret } };
    const resources = [{ urn: `urn:pulumi:dev::shop::${type}::ci`, type, inputs }];
    await place.write("state.json", JSON.stringify({ version: 3, deployment: { resources } }));
    const { code, stdout } = await audit("--state", "state.json");
    assert.match(
      stdout,
      /\n {2}perhaps {6}Pod ci spec\.containers\[0\]\.env\[0\]\.value: "ghcr\.io\/acme\/runner:1" /,
    );
    assert.deepEqual([code, stdout.includes(", 1 image,")], [0, true]);
  });

  it("takes an empty stack", async () => {
    await place.write("state.json", '{ "version": 3, "deployment": { "manifest": {} } }');
    const { code, stdout } = await audit("--state", "state.json");
    assert.equal(code, 0);
    assert.match(stdout, /state\.json, 0 images/);
  });

  // files, what is asked → exit code, and what standard error says
  const wrong: readonly (readonly [state: string, args: readonly string[], code: number, stderr: RegExp])[] =
    [
      ["", [], 2, /^error: there is no lock: looked for \S*images\.lock\.json\nfix: begin one/],
      ["", ["--lock", "none.json"], 2, /none\.json: there is no such lock\nfix: begin one/],
      ["", ["--state", "none.json"], 2, /^error: \S*none\.json cannot be read; make it: pulumi stack export/],
      ["{", ["--state", "state.json"], 2, /^error: \S*state\.json is no exported stack state; make one/],
      ["[1]", ["--state", "state.json"], 2, /^error: \S*state\.json is no exported stack state; make one/],
      [
        '{"deployment":{"resources":[{"urn":1}]}}',
        ["--state", "state.json"],
        2,
        /is no exported stack state/,
      ],
      ["", ["--max-age", "-1"], 2, /^error: --max-age takes a number of days, not "-1"\n/],
    ];
  for (const [state, args, code, stderr] of wrong) {
    it(`ends with ${code}: ${args.join(" ")} ${state}`, async () => {
      await place.write("state.json", state);
      const outcome = await audit(...args);
      assert.match(outcome.stderr, stderr);
      assert.equal(outcome.code, code);
    });
  }

  it("takes a state that is nested beyond reason", async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    const urn = "urn:pulumi:dev::p::kubernetes:core/v1:Pod::x";
    const resource = `{"urn":"${urn}","type":"kubernetes:core/v1:Pod","inputs":{"spec":${deep}}}`;
    await place.write("state.json", `{"deployment":{"resources":[${resource}]}}`);
    assert.equal((await audit("--state", "state.json")).code, 0);
  });

  describe("with exceptions, over files", () => {
    const settings = (expires: string) =>
      JSON.stringify({
        settings: {
          lock: { maxAgeDays: 30 },
          exceptions: [
            {
              image: "redis",
              policy: "image-pinned-by-digest",
              owner: "payments",
              reason: "a demo",
              ticket: "PAY-1",
              expires,
            },
            { image: "ghcr.io/acme/*", policy: "image-lock-fresh", owner: "acme", reason: "frozen", expires },
            {
              image: "nginx",
              resource: "*::web",
              policy: "image-pinned-by-digest",
              owner: "web",
              reason: "there",
              expires,
            },
          ],
        },
      });
    beforeEach(async () => {
      const locked = Date.parse("2026-09-01T10:00:00Z");
      await place.write(
        "images.lock.json",
        lockText(
          { "ghcr.io/acme/api:2": testDigest("a"), "docker.io/library/busybox:1": testDigest("b") },
          locked,
        ),
      );
      await place.write(
        "compose.yml",
        `services:\n  a:\n    image: redis:7\n  b:\n    image: nginx:1\n  c:\n    image: busybox:1@${testDigest("b")}\n`,
      );
    });

    it("says what they cover, until when, and who answers for it, and counts the rest", async () => {
      await place.write("pinned-images.json", settings("2026-12-31"));
      const { code, stdout, stderr } = await audit("--in", "compose.yml");
      assert.deepEqual([code, stderr], [1, ""]);
      assert.match(
        stdout,
        /\n {2}excepted +ghcr\.io\/acme\/api:2 [^\n]*; excepted until 2026-12-31 by acme: "frozen"\n/,
      );
      assert.match(stdout, /\n {2}stale +docker\.io\/library\/busybox:1 /, "by the age of the settings");
      assert.match(stdout, /\nFiles: 3 images, compared with images\.lock\.json\n/);
      assert.match(
        stdout,
        /\n {2}excepted +compose\.yml:3 services\.a\.image: "redis:7" {2}no digest, and not in the lock; excepted until 2026-12-31 by payments \(PAY-1\): "a demo"\n/,
      );
      // An exception for a resource of a stack says nothing of files.
      assert.match(stdout, /\n {2}unpinned +compose\.yml:5 services\.b\.image: "nginx:1" /);
      assert.match(stdout, /\n {2}ok +compose\.yml:7 /);
    });

    it("takes none that has expired, and none that it is not told of", async () => {
      await place.write("pinned-images.json", settings("2026-11-20"));
      const expired = await audit("--in", "compose.yml");
      assert.deepEqual([expired.code, expired.stdout.includes("excepted")], [1, false]);
      await place.write("pinned-images.json", "{}");
      await place.write("other.json", settings("2026-12-31"));
      assert.ok((await audit("--in", "compose.yml", "--config", "other.json")).stdout.includes("excepted"));
    });

    it("says what is wrong with the settings, and what it could not read", async () => {
      await place.write("pinned-images.json", `{"settings":{"exeptions":[]}}`);
      const wrong = await audit();
      assert.equal(wrong.code, 2);
      assert.match(
        wrong.stderr,
        /settings\.exeptions: there is no setting of this name\nfix: did you mean "exceptions"/,
      );
      await place.write("pinned-images.json", "{}");
      await place.write("compose.prod.yml", "services:\n  a:\n    image: nginx\0");
      const unread = await audit("--in", ".");
      assert.equal(unread.code, 3);
      assert.match(unread.stderr, /compose\.prod\.yml" is binary[^]*\nfix: /);
    });
  });
});
