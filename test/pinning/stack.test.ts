import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseImageReference } from "../../images";
import { pinnerOfStack, previewMemory, type StackPinning, type Strategy } from "../../pinning";
import type { RegistryClient } from "../../registry";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";

const key = "docker.io/library/nginx:1";
const nginx = parseImageReference("nginx:1");

describe("pinnerOfStack", () => {
  let folder: string;
  const given = (changes: Partial<StackPinning>): StackPinning => ({
    stack: "production",
    folder,
    environment: {},
    registry: fakeRegistryClient({ [key]: testDigest("0") }),
    ...changes,
  });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pinned-images-stack-"));
    for (const [name, digest] of Object.entries({
      demanded: "1",
      own: "2",
      stack: "3",
      environment: "4",
      images: "5",
    })) {
      await writeFile(join(folder, `${name}.lock.json`), lockText({ [key]: testDigest(digest) }));
    }
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  const all: Partial<StackPinning> = {
    demandedLock: "demanded.lock.json",
    lock: "own.lock.json",
    configured: { lock: "stack.lock.json" },
    environment: { PINNED_IMAGES_LOCK: "environment.lock.json" },
  };
  const locks: readonly (readonly [who: string, changes: Partial<StackPinning>, digest: string])[] = [
    ["the platform team's", all, "1"],
    ["the component's", { ...all, demandedLock: undefined }, "2"],
    ["the stack's", { ...all, demandedLock: undefined, lock: undefined }, "3"],
    ["the environment's", { environment: { PINNED_IMAGES_LOCK: "environment.lock.json" } }, "4"],
    ["the one around the program", { environment: { PINNED_IMAGES_LOCK: "" } }, "5"],
  ];
  for (const [who, changes, digest] of locks) {
    it(`asks ${who} lock`, async () => {
      const pin = await pinnerOfStack(given(changes)).pin(nginx);
      assert.deepEqual(pin, { digest: testDigest(digest), from: "lock" });
    });
  }

  const strategies: readonly (readonly [who: string, changes: Partial<StackPinning>, strategy: Strategy])[] =
    [
      [
        "the component's",
        {
          strategy: "registry",
          configured: { strategy: "locked" },
          environment: { PINNED_IMAGES_STRATEGY: "locked" },
        },
        "registry",
      ],
      [
        "the stack's",
        { configured: { strategy: "lock-first" }, environment: { PINNED_IMAGES_STRATEGY: "registry" } },
        "lock-first",
      ],
      ["the environment's", { environment: { PINNED_IMAGES_STRATEGY: "registry" } }, "registry"],
      ["that of a production stack", { configured: { strategy: "" } }, "locked"],
    ];
  for (const [who, changes, strategy] of strategies) {
    it(`follows ${who} strategy`, () => {
      assert.equal(pinnerOfStack(given(changes)).strategy, strategy);
    });
  }
  it("refuses a strategy that is none, and says who named it", () => {
    assert.throws(() => pinnerOfStack(given({ configured: { strategy: "lock" } })), {
      message: `pinned-images:strategy in the stack's configuration is "lock"; it can be locked, lock-first or registry`,
    });
  });

  it("gives an update what the preview before it resolved, and nothing to another stack", async () => {
    const memory = join(folder, "previews");
    const registry = fakeRegistryClient({ [key]: testDigest("a") });
    const moved = fakeRegistryClient({ [key]: testDigest("b") });
    const run = async (registry: RegistryClient, stack: string, preview: boolean) => {
      const previewed = previewMemory(
        { organization: "acme", project: "shop", stack, folder, preview },
        memory,
      );
      return pinnerOfStack(given({ previewed, registry, strategy: "registry" })).pin(nginx);
    };
    assert.deepEqual(await run(registry, "one", true), { digest: testDigest("a"), from: "registry" });
    assert.deepEqual(await run(moved, "one", false), { digest: testDigest("a"), from: "preview" });
    assert.deepEqual(moved.asked, []);
    assert.deepEqual(await run(moved, "two", false), { digest: testDigest("b"), from: "registry" });
    assert.deepEqual(await run(moved, "one", true), { digest: testDigest("b"), from: "registry" });
    assert.deepEqual(await run(registry, "one", false), { digest: testDigest("b"), from: "preview" });
  });
});
