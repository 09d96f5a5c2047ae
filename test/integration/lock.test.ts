// The lock in the real engine (provider plugins are stand-ins), against a real registry whose log counts the requests.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { PinnedImage } from "../../components";
import { Deployment } from "../../components/kubernetes";
import { parseDigest, type Digest } from "../../images";
import { createRegistryClient, type RegistryClient } from "../../registry";
import { startDistribution, type DistributionRegistry } from "../support/distribution";
import { createTestStack, type EngineResult } from "../support/engine";
import { testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";
import { projectRoot } from "../support/paths";

function imageOf({ resources, stdout, stderr }: EngineResult): string {
  const deployment = resources.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
  const found = /"image":"([^"]*)"/.exec(JSON.stringify(deployment?.inputs ?? {}))?.[1];
  assert.ok(found !== undefined, stdout + stderr);
  return found;
}

describe("a stack and its lock", function () {
  this.timeout(180_000);
  let registry: DistributionRegistry;
  let client: RegistryClient;
  let first: Digest;
  let folder: string;

  const api = () => `${registry.host}/team/api:2.3`;
  const move = async (variant: string): Promise<Digest> =>
    parseDigest(await registry.push.image("team/api", "2.3", "linux/amd64", variant));
  const program = (image = api()) => {
    new Deployment(
      "shop",
      {
        spec: {
          selector: { matchLabels: { app: "shop" } },
          template: { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "api", image }] } },
        },
      },
      {},
      { registry: client },
    );
  };
  const asked = async () =>
    (await registry.requests()).filter(({ userAgent }) => !userAgent.includes("crane"));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-lock-"));
    registry = await startDistribution();
    first = await move("first");
  });
  after(async () => {
    await registry.close();
    await rm(folder, { recursive: true, force: true });
  });
  // A client of its own for each run, as each run of a program has: what one remembers is not what another was told.
  beforeEach(() => {
    client = createRegistryClient({ environment: {} });
  });
  afterEach(async () => client.close());

  it("deploys what the preview showed, although the tag moves before the update", async () => {
    first = await move("first");
    const stack = await createTestStack({
      program: () => {
        program();
      },
      stackName: "dev",
      packs: [projectRoot],
    });
    const again = async (): Promise<void> => {
      await client.close();
      client = createRegistryClient({ environment: {} });
    };
    try {
      assert.equal(imageOf(await stack.preview()), `${api()}@${first}`);
      const second = await move("second");
      assert.notEqual(second, first);
      await again();
      const requests = (await asked()).length;
      const updated = await stack.up();
      assert.equal(updated.exitCode, 0, updated.stdout + updated.stderr);
      assert.equal(imageOf(updated), `${api()}@${first}`, "the update deploys what its preview showed");
      assert.equal((await asked()).length, requests, "and asks nobody");

      await again();
      assert.equal(
        imageOf(await stack.preview()),
        `${api()}@${second}`,
        "the next preview shows the new digest",
      );
      await again();
      assert.equal(imageOf(await stack.up()), `${api()}@${second}`);
    } finally {
      await stack.dispose();
    }
  });

  it("is given by the pack what the preview showed, although the tag moves before the update", async () => {
    const one = await move("pack, first");
    const stack = await createTestStack({
      program: () => {
        new kubernetes.core.v1.Pod("shop", { spec: { containers: [{ name: "api", image: api() }] } });
      },
      stackName: "dev",
      packs: [projectRoot],
      packConfig: { "pin-images": "remediate", "container-runtime-restricted": "disabled" },
    });
    const podImage = ({ resources, stdout, stderr }: EngineResult): string => {
      const found = /"image":"([^"]*)"/.exec(
        JSON.stringify(resources.find(({ name }) => name === "shop")?.inputs ?? {}),
      )?.[1];
      assert.ok(found !== undefined, stdout + stderr);
      return found;
    };
    try {
      assert.equal(podImage(await stack.preview()), `${api()}@${one}`);
      const two = await move("pack, second");
      assert.equal(podImage(await stack.up()), `${api()}@${one}`, "what the preview showed");
      assert.equal(podImage(await stack.preview()), `${api()}@${two}`);
    } finally {
      await stack.dispose();
    }
  });

  it("asks no registry when everything is in the lock, wherever the tag points", async () => {
    const locked = await move("locked");
    await move("elsewhere");
    const lock = join(folder, "locked.lock.json");
    await writeFile(lock, lockText({ [api()]: locked }));
    const requests = (await registry.requests()).length;
    const stack = await createTestStack({
      stackName: "production",
      config: { "pinned-images:lock": lock },
      program: () => {
        program();
        const image = new PinnedImage("api", { image: api(), pinning: { registry: client } });
        return { platforms: image.platforms };
      },
      packs: [projectRoot],
    });
    try {
      const preview = await stack.preview();
      assert.equal(preview.exitCode, 0, preview.stdout + preview.stderr);
      assert.equal(imageOf(preview), `${api()}@${locked}`);
      assert.match(preview.stdout, /linux\/amd64/);
      const updated = await stack.up();
      assert.equal(updated.exitCode, 0, updated.stdout + updated.stderr);
      assert.equal(imageOf(updated), `${api()}@${locked}`);
      assert.equal((await registry.requests()).length, requests, "not one request");
    } finally {
      await stack.dispose();
    }
  });

  it("stops a production stack at what its lock does not have, and says what to run", async () => {
    const lock = join(folder, "images.production.lock.json");
    await writeFile(lock, lockText({}));
    const requests = (await registry.requests()).length;
    const stack = await createTestStack({
      stackName: "production",
      program: () => {
        program();
      },
      config: { "pinned-images:lock": lock },
    });
    try {
      const preview = await stack.preview();
      assert.notEqual(preview.exitCode, 0);
      const said = preview.stdout + preview.stderr;
      assert.ok(
        said.includes(
          `shop: spec.template.spec.containers[0].image: cannot resolve "${api()}": it is not in ${lock}, and the strategy "locked" asks no registry`,
        ),
        said,
      );
      assert.ok(said.includes(`fix: pinned-images pin --lock ${lock} ${api()}`), said);
      assert.doesNotMatch(said, /\n\s+at /, "a sentence, no stack trace");
      assert.equal((await registry.requests()).length, requests, "not one request");

      // The lock is read again when somebody has mended it.
      await writeFile(lock, lockText({ [api()]: first }));
      const mended = await stack.preview();
      assert.equal(mended.exitCode, 0, mended.stdout + mended.stderr);
      assert.equal(imageOf(mended), `${api()}@${first}`);
    } finally {
      await stack.dispose();
    }
  });

  it("is found by the pack where the user ran pulumi, and where the stack says", async () => {
    const other = join(folder, "other.lock.json");
    const [here, there] = [testDigest("a"), testDigest("b")];
    await writeFile(other, lockText({ [api()]: there }));
    const pod = (digest: Digest) => () => {
      new kubernetes.core.v1.Pod("web", {
        spec: { containers: [{ name: "web", image: `${api()}@${digest}` }] },
      });
    };
    const packConfig = { "image-in-lock": "mandatory", "container-runtime-restricted": "disabled" };
    const said = ({ policyEvents }: EngineResult): string =>
      policyEvents.map(({ message }) => message.split("\n")[1] ?? "").join("\n");

    const stack = await createTestStack({
      program: pod(here),
      packs: [projectRoot],
      packConfig,
      files: { "images.lock.json": lockText({ [api()]: here }) },
    });
    try {
      assert.equal(said(await stack.preview()), "");
      assert.match(
        said(await stack.preview({ program: pod(there) })),
        /this digest is not the one in images\.lock\.json/,
      );
      // What the environment names comes before what lies around.
      const env = { PINNED_IMAGES_LOCK: other };
      assert.equal(said(await stack.preview({ program: pod(there), env })), "");
      // And what the platform team names before everything.
      const demanded = {
        ...packConfig,
        settings: { lock: { file: join(stack.workDir, "images.lock.json") } },
      };
      assert.match(
        said(await stack.preview({ program: pod(there), env, packConfig: demanded })),
        /this digest is not the one in images\.lock\.json/,
      );
      await rm(join(stack.workDir, "images.lock.json"));
      const missing = await stack.preview({ env: { PINNED_IMAGES_LOCK: "" } });
      assert.equal(missing.exitCode, 1);
      assert.ok(
        said(missing).startsWith(
          `images.lock.json: is nowhere: looked in ${stack.workDir}/images.lock.json, `,
        ),
        said(missing),
      );
      assert.equal(said(missing).split("\n").length, 1, "once");
      const gone = await stack.preview({ packConfig: demanded, env: { PINNED_IMAGES_LOCK: "" } });
      assert.match(
        said(gone),
        /cannot be used: the policy pack's settings names the lock ".*", which is not there; looked in /,
      );
    } finally {
      await stack.dispose();
    }
  });
});
