import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, before, beforeEach, describe, it } from "mocha";
import { parseDigest } from "../../images";
import { createWorkplace, type Outcome, type Workplace } from "../support/command-line";
import { buildImage, content, startRegistry, type Registry, type RegistryOptions } from "../support/registry";
import { attestProvenance, signImage, signingKey } from "../support/signing";
import {
  createTrustDomain,
  newKeys,
  pemOf,
  signImage as signLayer,
  startTufRepository,
  type TrustDomain,
} from "../support/sigstore";

const [one, two] = [signingKey(), signingKey()];
const built = {
  builder: "https://github.com/actions/runner/github-hosted",
  source: "https://github.com/acme/api",
  ref: "refs/heads/main",
};
const multi = ["linux/amd64", "linux/arm64"];

describe("pinned-images verify", () => {
  let registry: Registry;
  let place: Workplace;
  /** An image that `one` signed, by its tag, and its digest. */
  let name: string;
  let digest: string;

  async function start(options: RegistryOptions = { referrers: {} }): Promise<void> {
    registry = await startRegistry(options);
    name = `${registry.host}/acme/api:1`;
    digest = registry.push("acme/api", "1");
    signImage(registry, { repository: "acme/api", digest }, [one]);
  }

  beforeEach(async () => {
    await start();
    place = await createWorkplace();
    await place.write("one.pub", one.pem);
    await place.write("two.pub", two.pem);
  });

  afterEach(async () => {
    await registry.close();
    await place.remove();
  });

  /** Runs the verb; image names as they are written in the tables below, without host and digest. */
  async function verify(...args: readonly string[]): Promise<Outcome> {
    registry.clearLog();
    const outcome = await place.run(["verify", ...args]);
    return { ...outcome, stdout: plain(outcome.stdout), stderr: plain(outcome.stderr) };
  }

  /** What differs from run to run has one name each. */
  function plain(text: string): string {
    return text
      .replaceAll(registry.host, "<host>")
      .replaceAll(digest, "<digest>")
      .replaceAll(one.fingerprint, "<one>")
      .replaceAll(two.fingerprint, "<two>");
  }

  async function rules(...list: readonly object[]): Promise<void> {
    await place.write("pinned-images.json", JSON.stringify({ settings: { signatures: { rules: list } } }));
  }

  const requests = (): number => registry.log.length;
  const kept = async () => (await place.lock()).images.get(name)?.signatures;

  describe("says who signed", () => {
    it("a digest", async () => {
      assert.deepEqual(await verify("--key", "one.pub", `${name}@${digest}`), {
        code: 0,
        stdout: "<host>/acme/api:1@<digest> signed\n  by key <one>\n",
        stderr: "",
      });
    });

    it("the digest that a tag has now", async () => {
      const { code, stdout } = await verify("--key", "one.pub", name);
      assert.equal(code, 0);
      assert.equal(
        stdout,
        "<host>/acme/api:1@<digest> signed\n  the digest that the tag has now\n  by key <one>\n",
      );
    });

    it("the digest that the lock has, wherever the tag is", async () => {
      await place.run(["pin", name]);
      registry.push("acme/api", "1", { seed: "moved" });
      assert.deepEqual(await verify("--key", "one.pub", name), {
        code: 0,
        stdout:
          "<host>/acme/api:1@<digest> signed\n  the digest that images.lock.json has for <host>/acme/api:1\n  by key <one>\n",
        stderr: "",
      });
    });

    it("everything in the lock, its single platforms too", async () => {
      registry.push("acme/edge", "7", { platforms: multi });
      await place.run(["pin", name]);
      await place.run(["pin", "--platform", "linux/arm64", `${registry.host}/acme/edge:7`]);
      const { code, stdout, stderr } = await verify("--key", "one.pub");
      assert.equal(code, 1);
      assert.match(stdout, /^<host>\/acme\/api:1@<digest> signed\n/);
      assert.match(stderr, /^"<host>\/acme\/edge:7@sha256:[0-9a-f]{64}" is signed by nobody\nfix: [^\n]*\n$/);
    });

    it("each of the platforms, where these are signed instead of the index", async () => {
      digest = registry.push("acme/web", "1", { platforms: multi, seed: "web" });
      for (const platform of multi) {
        const child = registry.push("acme/web", platform.replace("/", "-"), {
          platforms: [platform],
          seed: "web",
        });
        signImage(registry, { repository: "acme/web", digest: child }, [one]);
      }
      const web = `${registry.host}/acme/web:1`;
      await place.run(["pin", web]);
      const { code, stdout } = await verify("--key", "one.pub", "--record", web);
      assert.equal(code, 0);
      assert.match(
        stdout,
        /^<host>\/acme\/web:1@<digest> signed\n.*\n {2}linux\/amd64 sha256:[0-9a-f]{64}\n {4}by key <one>\n {2}linux\/arm64 sha256:[0-9a-f]{64}\n {4}by key <one>\n {2}recorded in images\.lock\.json\n$/,
      );
      registry.clearLog();
      const again = await verify("--key", "one.pub", web);
      assert.match(again.stdout, /proven by what images\.lock\.json keeps; no registry was asked\n$/);
      assert.equal(registry.log.length, 0);
    });

    it("what provenance says", async () => {
      attestProvenance(registry, { repository: "acme/api", digest }, one, built);
      const args = ["--provenance-source", "https://github.com/acme/*", "--provenance-ref", "refs/heads/*"];
      const { code, stdout } = await verify("--key", "one.pub", ...args, `${name}@${digest}`);
      assert.equal(code, 0);
      assert.equal(
        stdout,
        "<host>/acme/api:1@<digest> signed\n  by key <one>\n  provenance https://slsa.dev/provenance/v1: built by https://github.com/actions/runner/github-hosted, from https://github.com/acme/api at refs/heads/main\n",
      );
    });

    it("that there was nothing to verify", async () => {
      await place.write("images.lock.json", JSON.stringify({ version: 1, images: {} }));
      const nothing = { code: 0, stdout: "nothing to verify\n", stderr: "" };
      assert.deepEqual(await verify("--key", "one.pub"), nothing);
      assert.deepEqual(await verify("--key", "one.pub", "-"), nothing);
      assert.equal((await verify("--key", "one.pub", "--json")).stdout, "[]\n");
    });

    it("several images in their order, and goes on behind one that is none", async () => {
      const stdin = `${name}\nApi:1\n${registry.host}/acme/none:1\n${name}@${digest}\n`;
      const { code, stdout, stderr } = await place.run(["verify", "--key", "one.pub", "-"], { stdin });
      assert.equal(code, 3);
      assert.equal(stdout.split(" signed\n").length, 3);
      assert.match(stderr, /^"Api:1" has upper case [^\n]*\ncannot resolve "[^\n]*none:1": [^\n]*\nfix: /);
    });
  });

  // options → exit code, and what is said of the image
  const failures: readonly (readonly [options: readonly string[], said: string])[] = [
    [
      ["--key", "two.pub"],
      "has a signature that none of the trusted keys made (1 trusted): another key signed",
    ],
    [
      ["--key", "one.pub", "--key", "two.pub", "--at-least", "2"],
      "is signed by 1 of the trusted (key <one>); 2",
    ],
    [
      ["--key", "one.pub", "--provenance-ref", "refs/heads/main"],
      "is signed, and nobody who is trusted says where",
    ],
  ];
  for (const [options, said] of failures) {
    it(`${options.join(" ")}: ${said}`, async () => {
      const { code, stdout, stderr } = await verify(...options, `${name}@${digest}`);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.ok(stderr.startsWith(`"<host>/acme/api:1@<digest>" ${said}`), stderr);
      assert.match(stderr, /^[^\n]+\nfix: [^\n<]+(?:<host>\/acme\/api:1@<digest>)?\n$/);
    });
  }

  for (const [option, value, said] of [
    ["--provenance-builder", "https://builder.example/*", 'was built by "https://github.com/actions/runner/'],
    [
      "--provenance-source",
      "https://github.com/else/*",
      'was built from "https://github.com/acme/api"; trusted: h',
    ],
    ["--provenance-ref", "refs/tags/*", 'was built from the ref "refs/heads/main"; trusted: refs/tags/*'],
  ] as const) {
    it(`${option} ${value}: ${said}`, async () => {
      attestProvenance(registry, { repository: "acme/api", digest }, one, built);
      const { code, stderr } = await verify("--key", "one.pub", option, value, `${name}@${digest}`);
      assert.equal(code, 1);
      assert.ok(stderr.includes(said), stderr);
    });
  }

  it("refuses the signature of another image", async () => {
    const other = registry.push("acme/other", "1");
    signImage(registry, { repository: "acme/other", digest: other }, [one], digest);
    const { code, stderr } = await verify("--key", "one.pub", `${registry.host}/acme/other@${other}`);
    assert.equal(code, 1);
    assert.match(stderr, /has a good signature of another image \("<digest>"\)\nfix: /);
  });

  it("refuses a signature that was copied to another repository, where that is asked for", async () => {
    const key = newKeys();
    const repository = `${registry.host}/acme/api`;
    const layer = await signLayer({ layout: "layer", digest, repository, key });
    registry.push("acme/copy", "1", { seed: "acme/api:1" });
    registry.pushArtifact("acme/copy", { layers: [layer] }, `${digest.replace(":", "-")}.sig`);
    await place.write("copied.pub", pemOf(key.publicKey));
    const copy = `${registry.host}/acme/copy@${digest}`;
    assert.equal((await verify("--key", "copied.pub", copy)).code, 0);
    const { code, stderr } = await verify("--key", "copied.pub", "--same-repository", copy);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /was made for "<host>\/acme\/api", not for <host>\/acme\/copy\nfix: sign the image where/,
    );
    assert.equal((await verify("--key", "one.pub", "--same-repository", `${name}@${digest}`)).code, 0);
  });

  it("looks for what refers to a digest of SHA-512, which has no tags of cosign", async () => {
    const { bytes, mediaType } = buildImage({ seed: "sha512" });
    const long = `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
    registry.pushContent("acme/long", "1", { ...content(mediaType, bytes), digest: long });
    const image = `${registry.host}/acme/long@${long}`;
    assert.match((await verify("--key", "one.pub", image)).stderr, /^"[^"\n]*" is signed by nobody\nfix: /);
    const key = newKeys();
    const layer = await signLayer({ layout: "bundle", digest: long, key });
    registry.pushArtifact("acme/long", {
      subject: long,
      artifactType: layer.mediaType,
      layers: [layer],
    });
    await place.write("long.pub", pemOf(key.publicKey));
    assert.equal((await verify("--key", "long.pub", image)).code, 0);
  });

  it("ends with 3 where the registry does not answer", async () => {
    registry.fail({ kind: "answer", status: 403, path: "/referrers/" });
    const { code, stderr } = await verify("--key", "one.pub", `${name}@${digest}`);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /^"<host>\/acme\/api:1@<digest>" cannot be verified: GET \/v2\/acme\/api\/referrers\/<digest> on <host> answered 403\b[^\n]*\nfix: [^\n]+\n$/,
    );
  });

  describe("takes whom to trust from", () => {
    it("the settings, image by image: the first rule that fits counts", async () => {
      await rules(
        { images: [`${registry.host}/acme/*`], keys: [one.pem] },
        { images: [`${registry.host}/vendor/**`], unsigned: true },
      );
      const words = [`${registry.host}/vendor/tool:1`, `${name}@${digest}`, `${registry.host}/else/tool:1`];
      const { code, stdout, stderr } = await verify(...words);
      assert.equal(code, 1);
      assert.equal(
        stdout,
        "<host>/vendor/tool:1 needs no signature: the settings say so\n<host>/acme/api:1@<digest> signed\n  by key <one>\n",
      );
      assert.equal(
        stderr,
        `"<host>/else/tool:1": no rule says who may sign it\nfix: add a rule for it to "signatures" in the settings: keys, identities, or "unsigned": true if nobody has to sign it\n`,
      );
      assert.equal(requests(), 3, "nobody is asked about the others");
    });

    it("the options, whatever the settings say", async () => {
      await rules({ images: [`${registry.host}/**`], keys: [two.pem] });
      assert.equal((await verify(`${name}@${digest}`)).code, 1);
      assert.equal((await verify("--key", "one.pub", `${name}@${digest}`)).code, 0);
    });

    it("a file that is named", async () => {
      await rules({ images: [`${registry.host}/**`], keys: [one.pem] });
      await place.write("other.json", await place.read("pinned-images.json"));
      await place.write("pinned-images.json", "{}");
      assert.equal((await verify(name)).code, 2);
      assert.equal((await verify("--config", "other.json", name)).code, 0);
    });
  });

  // arguments → what is said
  const wrong: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [
      ["nginx"],
      /^error: nobody is trusted to sign\nfix: name who is: --key <file>, or --identity <subject> --issuer <url>; or write rules into pinned-images\.json: /,
    ],
    [
      ["--at-least", "2", "nginx"],
      /^error: --at-least belongs to a rule; name who may sign, too: --key or --id/,
    ],
    [["--provenance-ref", "refs/tags/*", "nginx"], /^error: --provenance-ref belongs to a rule/],
    [["--identity", "a@b.c", "nginx"], /^error: --identity and --issuer belong together/],
    [
      ["--key", "one.pub", "--issuer", "https://a.b", "nginx"],
      /^error: --identity and --issuer belong together/,
    ],
    [["--issuer", "https://a.b", "nginx"], /^error: --issuer belongs to a rule/],
    [
      ["--identity", "*", "--issuer", "https://a.b", "nginx"],
      /^error: --identity: "\*" stands for everything/,
    ],
    [["--identity", "a@b.c", "--issuer", "a", "nginx"], /^error: --issuer: "a" is no issuer/],
    [
      ["--key", "none.pub", "nginx"],
      /^error: --key none\.pub: cannot be read; name the file of a public key\n/,
    ],
    [
      ["--key", "huge.pub", "nginx"],
      /^error: --key huge\.pub: has more than 65536 bytes, and no public key has\n/,
    ],
    [
      ["--key", "private.pem", "nginx"],
      /^error: --key private\.pem: the text is a private key; give the public/,
    ],
    [
      ["--key", "one.pub", "--key", "text.pem", "nginx"],
      /^error: --key text\.pem: the text is no public key/,
    ],
    [
      ["--key", "one.pub", "--at-least", "many", "nginx"],
      /^error: --at-least takes a number; it got "many"\n/,
    ],
    [["--key", "one.pub", "--at-least", "0", "nginx"], /^error: --at-least: .* is less than one signer/],
    [["--key", "one.pub", "--at-least", "2", "nginx"], /^error: the rule demands 2 signers and has 1 key\n/],
    [["--key", "one.pub"], /^error: there is no lock: looked for /],
    [["--key", "one.pub", "--record", "nginx"], /^error: there is no lock: looked for /],
    [["--key", "one.pub", "--lock", "none.json", "nginx"], /^error: there is no lock: looked for /],
    [["--config", "none.json", "nginx"], /^error: the settings .*none\.json cannot be read; name the file/],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(" ")}`, async () => {
      await place.write("private.pem", "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n");
      await place.write("text.pem", "SECRET");
      await place.write("huge.pub", "x".repeat(70_000));
      const { code, stdout, stderr } = await verify(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /SECRET/);
      assert.equal(requests(), 0);
    });
  }

  describe("--record", () => {
    beforeEach(async () => {
      await place.run(["pin", name]);
    });

    it("writes who signed and what proves it, and nobody is asked again", async () => {
      const { code, stdout } = await verify("--key", "one.pub", "--record");
      assert.equal(code, 0);
      assert.match(stdout, /\n {2}by key <one>\n {2}recorded in images\.lock\.json\n$/);
      const { by, verifiedAt } = (await kept()) ?? {};
      assert.deepEqual([by, verifiedAt], [[{ who: one.fingerprint, how: "key" }], "2026-11-21T10:01:00Z"]);

      const again = await verify("--key", "one.pub");
      assert.deepEqual([again.code, requests()], [0, 0]);
      assert.match(
        again.stdout,
        /\n {2}by key <one>\n {2}proven by what images\.lock\.json keeps; no registry/,
      );
      assert.equal((await verify("--key", "one.pub", `${name}@${digest}`)).code, 0);
      assert.equal(requests(), 0, "by its digest, too");

      const before = await place.read();
      await verify("--key", "one.pub", "--record");
      assert.equal(await place.read(), before, "to the day");
    });

    it("asks all the same with --fresh, and for another rule", async () => {
      await verify("--key", "one.pub", "--record");
      assert.equal((await verify("--key", "one.pub", "--fresh")).code, 0);
      assert.equal(requests(), 3);
      assert.equal((await verify("--key", "two.pub")).code, 1);
      assert.ok(requests() > 0);
    });

    it("believes nothing in the lock that does not prove itself", async () => {
      await verify("--key", "one.pub", "--record");
      const moved = registry.push("acme/api", "2", { seed: "evil" });
      // The image is exchanged, and all that was said of the other stays beside it.
      await place.write("images.lock.json", (await place.read()).replaceAll(digest, moved));
      const { code, stderr } = await verify("--key", "one.pub");
      assert.equal(code, 1);
      assert.match(stderr, /is signed by nobody/);
      const forged = (await place.read()).replace(/"evidence": "[^"]+"/, '"evidence": "AAAA"');
      await place.write("images.lock.json", forged);
      assert.match((await verify("--key", "one.pub")).stderr, /is signed by nobody/);
    });

    it("writes into every tag of the digest, and not of another repository", async () => {
      for (const [repository, tag] of [
        ["acme/api", "1.0"],
        ["acme/copy", "1"],
      ] as const) {
        registry.push(repository, tag, { seed: "acme/api:1" });
        await place.run(["pin", `${registry.host}/${repository}:${tag}`]);
      }
      assert.equal((await verify("--key", "one.pub", "--record", name)).code, 0);
      const { images } = await place.lock();
      assert.deepEqual(
        [...images].map(([key, { signatures }]) => [plain(key), signatures !== undefined]),
        [
          ["<host>/acme/api:1", true],
          ["<host>/acme/api:1.0", true],
          ["<host>/acme/copy:1", false],
        ],
      );
    });

    it("says that the lock has to have the image first", async () => {
      registry.push("acme/api", "2", { seed: "acme/api:1" });
      const lock = { version: 1, images: {} };
      await place.write("empty.lock.json", JSON.stringify(lock));
      const { code, stdout } = await verify(
        "--key",
        "one.pub",
        "--record",
        "--lock",
        "empty.lock.json",
        name,
      );
      assert.equal(code, 1);
      assert.match(
        stdout,
        /\n {2}not recorded: empty\.lock\.json does not have it\n {2}fix: pinned-images pin --lock empty\.lock\.json <host>\/acme\/api:1@<digest>\n$/,
      );
      assert.deepEqual(JSON.parse(await place.read("empty.lock.json")), lock);
    });

    it("records what was verified where another was not", async () => {
      registry.push("acme/none", "1");
      await place.run(["pin", `${registry.host}/acme/none:1`]);
      assert.equal((await verify("--key", "one.pub", "--record")).code, 1);
      assert.notEqual(await kept(), undefined);
    });

    it("goes with the digest: a refresh to another drops it", async () => {
      await verify("--key", "one.pub", "--record");
      await place.run(["refresh"]);
      assert.notEqual(await kept(), undefined);
      registry.push("acme/api", "1", { seed: "moved" });
      await place.run(["refresh"]);
      assert.equal(await kept(), undefined);
    });
  });

  // What an image by its digest costs that nobody has verified before.
  for (const [what, options, first, second] of [
    ["has the referrers API", { referrers: {} }, 3, 3],
    ["does not have it", {}, 4, 3],
  ] as const) {
    it(`makes ${first} requests at a registry that ${what}, and ${second} for the next image`, async () => {
      await registry.close();
      await start(options);
      const next = registry.push("acme/web", "1");
      signImage(registry, { repository: "acme/web", digest: next }, [one]);
      assert.equal((await verify("--key", "one.pub", `${name}@${digest}`)).code, 0);
      assert.equal(requests(), first);
      const web = `${registry.host}/acme/web@${next}`;
      assert.equal((await verify("--key", "one.pub", `${name}@${digest}`, web)).code, 0);
      assert.ok(requests() <= 2 * first);
      assert.ok(requests() >= first + second);
    });
  }

  describe("by identity", () => {
    const subject = "https://github.com/acme/api/.github/workflows/release.yml@refs/tags/v1";
    const issuer = "https://token.actions.githubusercontent.com";
    const who = ["--issuer", issuer, "--identity", "https://github.com/acme/*/release.yml@refs/tags/*"];
    const signedAt = "2026-11-21T10:20:30Z";
    let domain: TrustDomain;
    let release: string;

    before(async () => {
      domain = await createTrustDomain();
    });
    beforeEach(async () => {
      const repository = `${registry.host}/acme/release`;
      const released = registry.push("acme/release", "1");
      const keyless = { identity: { subject, issuer }, authority: domain };
      const image = { layout: "layer", digest: released, repository } as const;
      const layer = await signLayer({ ...image, keyless, log: { domain } });
      registry.pushArtifact("acme/release", { layers: [layer] }, `${released.replace(":", "-")}.sig`);
      release = `${repository}:1`;
      await place.run(["pin", release]);
      await place.write("root.json", JSON.stringify(domain.trustedRoot));
    });

    /** The time is that of the log. */
    const timeless = (text: string): string => text.replace(/20\d\d-\d\d-\d\dT[\d:]{8}Z/g, signedAt);

    it("says who, by whom, and when, and writes it down", async () => {
      const args = [...who, "--trusted-root", "root.json", "--record"];
      const { code, stdout } = await verify(...args, release);
      assert.equal(code, 0);
      assert.match(
        timeless(stdout),
        /\n {2}by https:\/\/github\.com\/acme\/api\/\.github\/workflows\/release\.yml@refs\/tags\/v1 \(https:\/\/token\.actions\.githubusercontent\.com\) at 2026-11-21T10:20:30Z\n {2}recorded in images\.lock\.json\n$/,
      );
      const { by = [] } = (await place.lock()).images.get(release)?.signatures ?? {};
      assert.deepEqual(
        by.map(({ at, ...rest }) => ({ ...rest, at: timeless(at ?? "") })),
        [{ who: `${subject} (${issuer})`, how: "identity", at: signedAt }],
      );
      assert.equal((await verify(...args, release)).code, 0);
      assert.equal(requests(), 0);
    });

    it("ends with 3 where the trusted root cannot be read", async () => {
      const { code, stderr } = await verify(...who, "--trusted-root", "none.json", release);
      assert.equal(code, 3);
      assert.match(
        stderr,
        /" cannot be verified: the trusted root [^\n]*none\.json cannot be read\nfix: see that the/,
      );
    });

    it("says who signed instead", async () => {
      const args = [
        "--issuer",
        issuer,
        "--identity",
        "https://github.com/else/*",
        "--trusted-root",
        "root.json",
      ];
      const { code, stderr } = await verify(...args, release);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /" is signed by "https:\/\/github\.com\/acme\/api\/[^\n]*, who is not trusted\nfix: /,
      );
    });

    for (const [what, hours, code] of [
      ["takes the root that the settings name, and fetches it once as long as it is good", 24, 0],
      ["ends with 3 where what the root's repository serves has expired", -1, 3],
    ] as const) {
      it(what, async () => {
        const expires = new Date(Date.now() + hours * 60 * 60 * 1000);
        const tuf = await startTufRepository({ trustedRoot: domain.trustedRoot, expires });
        try {
          await place.write("tuf-root.json", tuf.root);
          const root = { tuf: { url: tuf.url, root: place.path("tuf-root.json") } };
          const rule = {
            images: [`${registry.host}/**`],
            identities: [{ issuer, subject: "https://github.com/acme/*" }],
          };
          const settings = { signatures: { root, rules: [rule] } };
          await place.write("pinned-images.json", JSON.stringify({ settings }));
          assert.equal((await verify("--record", release)).code, code);
          const asked = tuf.log.length;
          assert.ok(asked > 0);
          assert.equal((await verify(release)).code, code);
          if (code === 0) assert.deepEqual([tuf.log.length - asked, requests()], [0, 0]);
        } finally {
          await tuf.close();
        }
      });
    }
  });

  it("prints JSON with a place for each", async () => {
    attestProvenance(registry, { repository: "acme/api", digest }, one, built);
    await rules(
      { images: [`${registry.host}/acme/api`], keys: [one.pem], provenance: {} },
      { images: [`${registry.host}/acme/bad`], keys: [two.pem] },
      { images: [`${registry.host}/vendor/**`], unsigned: true },
    );
    await place.run(["pin", name]);
    const bad = registry.push("acme/bad", "1");
    const words = [name, `${registry.host}/acme/bad@${bad}`, `${registry.host}/vendor/a`, "Api"];
    const { code, stdout } = await verify("--json", "--record", ...words);
    assert.equal(code, 2);
    const badName = `<host>/acme/bad@${parseDigest(bad)}`;
    assert.deepEqual(JSON.parse(stdout), [
      {
        ...{ reference: "<host>/acme/api:1", digest: "<digest>", digestFrom: "lock", verified: true },
        signers: [{ how: "key", fingerprint: "<one>" }],
        provenance: { predicateType: "https://slsa.dev/provenance/v1", ...built },
        ...{ platforms: [], evidence: "registry", recorded: ["<host>/acme/api:1"] },
      },
      {
        ...{ reference: badName, digest: bad, verified: false },
        error: {
          ...{ code: "unsigned", message: "is signed by nobody" },
          fix: `sign it where it is built: cosign sign ${badName}`,
        },
      },
      { reference: "<host>/vendor/a", verified: false, demanded: false },
      {
        ...{ reference: "Api", verified: false },
        error: { code: "repository-uppercase", message: 'has upper case in its repository: "Api"' },
      },
    ]);
  });

  for (const [environment, coloured] of [
    [{ FORCE_COLOR: "1" }, true],
    [{ NO_COLOR: "1" }, false],
  ] as const) {
    it(`${coloured ? "paints" : "does not paint"} with ${JSON.stringify(environment)}`, async () => {
      const { code, stdout } = await place.spawn(["verify", "--key", "one.pub", name], { environment });
      assert.equal(code, 0);
      assert.equal(stdout.includes("\u001b["), coloured);
    });
  }
});
