import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import * as v from "valibot";
import { rootReader, SignatureError, type SignatureErrorCode } from "../../signatures";
import {
  createTrustDomain,
  startTufRepository,
  type TrustDomain,
  type TufRepository,
  type TufRepositoryOptions,
} from "../support/sigstore";

/** What comes with the library, so that its first update has something to begin with. */
const seedsSchema = v.object({
  "https://tuf-repo-cdn.sigstore.dev": v.object({ targets: v.object({ "trusted_root.json": v.string() }) }),
});

describe("signatures/trusted-root", function () {
  this.timeout(60_000);
  let folder: string;
  let domain: TrustDomain;
  let files = 0;
  const closers: (() => Promise<void>)[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-root-"));
    domain = await createTrustDomain();
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function write(text: string | Buffer): Promise<string> {
    const path = join(folder, `${files++}.json`);
    await writeFile(path, text);
    return path;
  }

  async function fails(read: () => Promise<unknown>, code: SignatureErrorCode, says: RegExp): Promise<void> {
    await assert.rejects(read, (error: unknown) => {
      assert.ok(error instanceof SignatureError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, says);
      return true;
    });
  }

  describe("from a file", () => {
    it("is read once, when it is needed", async () => {
      const file = await write(JSON.stringify(domain.trustedRoot));
      const read = rootReader({ file });
      const material = await read();
      await rm(file);
      assert.equal(await read(), material);
      assert.equal(material.tlogs.length, 1);
      assert.equal(material.ctlogs.length, 1);
      assert.equal(material.certificateAuthorities.length, 1);
      assert.equal(material.timestampAuthorities.length, 1);
      assert.throws(() => material.publicKey("any"));
    });

    it("is read as Sigstore publishes it", async () => {
      const seeds = v.parse(seedsSchema, createRequire(__filename)("@sigstore/tuf/seeds.json"));
      const published = seeds["https://tuf-repo-cdn.sigstore.dev"].targets["trusted_root.json"];
      const file = await write(Buffer.from(published, "base64"));
      const { tlogs, ctlogs, certificateAuthorities } = await rootReader({ file })();
      assert.ok(tlogs.some(({ baseURL }) => baseURL === "https://rekor.sigstore.dev"));
      assert.ok(ctlogs.length > 0 && certificateAuthorities.length > 0);
    });

    const good = (change: object): string => JSON.stringify({ ...domain.trustedRoot, ...change });
    const bad: readonly (readonly [string, () => string | Buffer, RegExp])[] = [
      ["is empty", () => "", /is no trusted root$/],
      ["is no JSON", () => "{", /is no trusted root$/],
      ["is null", () => "null", /is no trusted root$/],
      ["is a list", () => "[]", /is no trusted root$/],
      ["is another document", () => `{"mediaType":"application/json"}`, /is no trusted root$/],
      [
        "is of a later version",
        () => good({ mediaType: "application/vnd.dev.sigstore.trustedroot.v9+json" }),
        /is no trusted root$/,
      ],
      ["has 5 MB", () => Buffer.alloc(5_000_000, " "), /cannot be read$/],
      [
        "names a log without a key",
        () => good({ tlogs: [{ baseUrl: "https://rekor.example" }] }),
        /names a key or certificate that cannot be read$/,
      ],
      [
        "names an authority whose certificate is none",
        () => good({ certificateAuthorities: [{ certChain: { certificates: [{ rawBytes: "AAAA" }] } }] }),
        /names a key or certificate that cannot be read$/,
      ],
      [
        "names an authority without a chain",
        () => good({ certificateAuthorities: [{}] }),
        /names a key or certificate that cannot be read$/,
      ],
      ["has an unknown hash", () => good({ tlogs: [{ hashAlgorithm: "MD5" }] }), /is no trusted root$/],
    ];
    for (const [what, text, says] of bad) {
      it(`is not to be had where it ${what}`, async () => {
        await fails(rootReader({ file: await write(text()) }), "root-unavailable", says);
      });
    }

    it("is not to be had where there is none, and tells everybody", async () => {
      const read = rootReader({ file: join(folder, "missing") });
      await fails(read, "root-unavailable", /missing cannot be read$/);
      await fails(read, "root-unavailable", /missing cannot be read$/);
    });

    it("is not to be had from a folder", async () => {
      await fails(rootReader({ file: folder }), "root-unavailable", /cannot be read$/);
    });
  });

  describe("from a repository of The Update Framework", () => {
    async function start(options: Partial<TufRepositoryOptions> = {}): Promise<TufRepository> {
      const repository = await startTufRepository({ trustedRoot: domain.trustedRoot, ...options });
      closers.push(() => repository.close());
      return repository;
    }

    async function reader(
      { url, root }: Pick<TufRepository, "url" | "root">,
      cache = join(folder, `tuf-${files++}`),
    ) {
      return rootReader({ tuf: { url, root: await write(root), cache } });
    }

    it("is fetched, and kept", async () => {
      const repository = await start();
      const cache = join(folder, "kept");
      const material = await (await reader(repository, cache))();
      assert.equal(material.tlogs.length, 1);
      assert.ok(repository.log.includes("/targets/trusted_root.json"));
      const before = repository.log.length;
      await (
        await reader(repository, cache)
      )();
      assert.ok(!repository.log.slice(before).includes("/targets/trusted_root.json"));
    });

    it("is refused where what is served has expired", async () => {
      const repository = await start({ expires: new Date(Date.now() - 60_000) });
      await fails(await reader(repository), "root-expired", /has expired$/);
    });

    it("is refused where somebody else signed it", async () => {
      const [repository, other] = [await start(), await start()];
      await fails(
        await reader({ url: repository.url, root: other.root }),
        "root-unavailable",
        /cannot be fetched/,
      );
    });

    it("is refused by another root.json, whatever was fetched by the one before", async () => {
      const [repository, other] = [await start(), await start()];
      const cache = join(folder, "replaced");
      const read = await reader(repository, cache);
      await read();
      await fails(
        await reader({ url: repository.url, root: other.root }, cache),
        "root-unavailable",
        /cannot be fetched/,
      );
    });

    it("is refused where it is not what was signed", async () => {
      const repository = await start({ served: `{"mediaType":"another"}` });
      await fails(await reader(repository), "root-unavailable", /cannot be fetched/);
    });

    it("is refused where it is signed, and is none", async () => {
      const repository = await start({ trustedRoot: { tlogs: [{}] } });
      await fails(
        await reader(repository),
        "root-unavailable",
        /names a key or certificate that cannot be read$/,
      );
    });

    it("is not to be had where nobody listens", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const address = server.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      await new Promise((resolve) => server.close(resolve));
      const { root } = await start();
      await fails(
        await reader({ url: `http://127.0.0.1:${port}`, root }),
        "root-unavailable",
        /cannot be fetched from http/,
      );
    });

    it("is not to be had where nobody answers, and that is said within a bound", async () => {
      const repository = await start({ silent: true });
      const started = performance.now();
      await fails(await reader(repository), "root-unavailable", /cannot be fetched/);
      assert.ok(performance.now() - started < 35_000);
    });

    it("is not to be had without its root", async () => {
      const { url } = await start();
      const missing = rootReader({ tuf: { url, root: join(folder, "missing"), cache: join(folder, "x") } });
      await fails(missing, "root-unavailable", /cannot be fetched/);
      const unknown = rootReader({ tuf: { url, cache: join(folder, "y") } });
      await fails(unknown, "root-unavailable", /cannot be fetched/);
    });
  });
});
