import assert from "node:assert/strict";
import { formatPlatform, ImageReferenceError, parseImageReference } from "../../images";
import { viewLock } from "../../lock";
import {
  createPinner,
  explainPinError,
  type LockSource,
  type PinOptions,
  type Strategy,
} from "../../pinning";
import { RegistryError } from "../../registry";
import { fakeRegistryClient, testDigest } from "../support/fake-registry-client";
import { lockText } from "../support/lock";

const a = testDigest("a");
const b = testDigest("b");

describe("createPinner", () => {
  it("keeps what its author pinned, and asks nobody", async () => {
    const registry = fakeRegistryClient({});
    const pin = await createPinner({ registry }).pin(parseImageReference(`nginx:1@${b}`));
    assert.deepEqual(pin, { digest: b, from: "reference" });
    assert.deepEqual(registry.asked, []);
  });
  it("asks the registry for a tag", async () => {
    const registry = fakeRegistryClient({ "docker.io/library/nginx:1": a });
    const pin = await createPinner({ registry }).pin(parseImageReference("nginx:1"));
    assert.deepEqual(pin, { digest: a, from: "registry" });
  });
});

describe("createPinner with a lock", () => {
  const lock: LockSource = {
    path: "images.lock.json",
    view: () =>
      Promise.resolve(
        viewLock(lockText({ "docker.io/library/nginx:1": a, "docker.io/library/nginx:1 linux/arm64": b })),
      ),
  };
  const arm = { os: "linux", architecture: "arm64" };
  const cases: readonly (readonly [
    strategy: Strategy,
    text: string,
    options: PinOptions,
    from: string,
    asked: readonly string[],
  ])[] = [
    ["locked", "nginx:1", {}, `${a} lock`, []],
    ["locked", "nginx:1", { platform: arm }, `${b} lock`, []],
    ["locked", `nginx:2@${b}`, {}, `${b} reference`, []],
    ["lock-first", "nginx:1", {}, `${a} lock`, []],
    ["lock-first", "nginx:2", {}, `${b} registry`, ["docker.io/library/nginx:2"]],
    ["registry", "nginx:1", {}, `${b} registry`, ["docker.io/library/nginx:1"]],
  ];
  for (const [strategy, text, options, from, asked] of cases) {
    it(`${strategy}: ${text} ${options.platform === undefined ? "" : "for one platform "}from ${from}`, async () => {
      const registry = fakeRegistryClient({ "docker.io/library/nginx:1": b, "docker.io/library/nginx:2": b });
      const pin = await createPinner({ registry, lock, strategy }).pin(parseImageReference(text), options);
      assert.equal(`${pin.digest} ${pin.from}`, from);
      assert.deepEqual(registry.asked, asked);
    });
  }

  const missing: readonly (readonly [
    says: string,
    lock: LockSource | undefined,
    options: PinOptions,
    sentence: string,
  ])[] = [
    [
      "the lock",
      lock,
      {},
      `cannot resolve "redis:7": it is not in images.lock.json, and the strategy "locked" asks no registry
fix: pinned-images pin --lock images.lock.json docker.io/library/redis:7`,
    ],
    [
      "the lock for one platform",
      lock,
      { platform: arm },
      `cannot resolve "redis:7": it is not in images.lock.json, and the strategy "locked" asks no registry
fix: pinned-images pin --lock images.lock.json --platform linux/arm64 docker.io/library/redis:7`,
    ],
    [
      "a lock, where there is none",
      undefined,
      {},
      `cannot resolve "redis:7": there is no lock, and the strategy "locked" asks no registry
fix: pinned-images pin docker.io/library/redis:7`,
    ],
  ];
  for (const [says, source, options, sentence] of missing) {
    it(`says what is not in ${says}, and asks nobody`, async () => {
      const registry = fakeRegistryClient({ "docker.io/library/redis:7": a });
      const pinner = createPinner({
        registry,
        strategy: "locked",
        ...(source === undefined ? {} : { lock: source }),
      });
      const error: unknown = await pinner.pin(parseImageReference("redis:7"), options).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.equal(explainPinError("redis:7", error), sentence);
      assert.deepEqual(registry.asked, []);
    });
  }

  const platforms: readonly (readonly [strategy: Strategy, text: string, expected: string | undefined])[] = [
    ["locked", "nginx:1", "linux/amd64,linux/arm64"],
    ["locked", `nginx:1@${a}`, "linux/amd64,linux/arm64"],
    ["locked", `nginx:1@${b}`, undefined],
    ["locked", `redis@${b}`, undefined],
    ["lock-first", `nginx:1@${b}`, "linux/amd64"],
    ["registry", "nginx:1", "linux/amd64"],
  ];
  for (const [strategy, text, expected] of platforms) {
    it(`${strategy}: the platforms of ${text} are ${expected ?? "not known"}`, async () => {
      const pinner = createPinner({ registry: fakeRegistryClient({}), lock, strategy });
      const found = await pinner.platforms(parseImageReference(text));
      assert.equal(found?.map(formatPlatform).join(","), expected);
    });
  }
});

describe("explainPinError", () => {
  const cases: readonly (readonly [text: string, error: unknown, sentence: RegExp])[] = [
    ["Nginx", new ImageReferenceError("empty", "is bad", ""), /^"Nginx" is bad$/],
    ["x@y", new ImageReferenceError("digest-length", "too short", ""), /^"x@y": too short$/],
    ["x", new Error("no way"), /^cannot resolve "x": no way$/],
    ["x", "thrown text", /^cannot resolve "x"$/],
    [
      "ghcr.io/x:1",
      new RegistryError({
        code: "not-found",
        registry: "ghcr.io",
        repository: "x",
        request: "HEAD /v2/x/manifests/1 on ghcr.io",
        outcome: "answered 404 MANIFEST_UNKNOWN",
        status: 404,
      }),
      /^cannot resolve "ghcr\.io\/x:1": HEAD \/v2\/x\/manifests\/1 on ghcr\.io answered 404 MANIFEST_UNKNOWN\nfix: .+$/,
    ],
  ];
  for (const [text, error, sentence] of cases) {
    it(`says ${sentence.source}`, () => {
      assert.match(explainPinError(text, error), sentence);
    });
  }
});
