import assert from "node:assert/strict";
import { parseImageReference, type ImageReference } from "../../images";
import type { PolicyContext } from "../../policies/policy";
import { pinImages } from "../../policies/pin-images";
import { RegistryError } from "../../registry";
import { testDigest } from "../support/fake-registry-client";
import { behindPolicyProxy } from "../support/policy-proxy";
import { contextOf, imageOf, linesOf } from "./support";

const a = testDigest("a");
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const missing = (reference: ImageReference) =>
  new RegistryError({
    code: "not-found",
    registry: reference.registry,
    repository: reference.repository,
    request: `HEAD /v2/${reference.repository}/manifests/x on ${reference.registry}`,
    outcome: "answered 404",
    status: 404,
  });

function pinning(): { context: PolicyContext; asked: string[] } {
  const asked: string[] = [];
  const pin: PolicyContext["pin"] = (reference) => {
    asked.push(reference.toString());
    return Promise.resolve(
      reference.repository === "library/gone"
        ? { ok: false, error: missing(reference) }
        : { ok: true, value: { digest: a, from: "registry" } },
    );
  };
  return { context: contextOf({}, { pin }), asked };
}

const pod = (...images: unknown[]) => ({ spec: { containers: images.map((image) => ({ image })) } });
const podType = "kubernetes:core/v1:Pod";

const cases: readonly (readonly [
  title: string,
  type: string,
  given: object,
  expected: object | undefined,
  asked: readonly string[],
])[] = [
  ["a tag", podType, pod("nginx:1"), pod(`nginx:1@${a}`), ["docker.io/library/nginx:1"]],
  [
    "each image once",
    podType,
    pod("nginx:1", "nginx:1"),
    pod(`nginx:1@${a}`, `nginx:1@${a}`),
    ["docker.io/library/nginx:1"],
  ],
  [
    "as Lambda takes it",
    "aws:lambda/function:Function",
    { imageUri: "e/f:2" },
    { imageUri: `e/f@${a}` },
    ["docker.io/e/f:2"],
  ],
  [
    "within JSON, and leaves the rest of it",
    "aws:ecs/taskDefinition:TaskDefinition",
    { containerDefinitions: `[ {"image" : "nginx:1"} ]` },
    { containerDefinitions: `[ {"image" : "nginx:1@${a}"} ]` },
    ["docker.io/library/nginx:1"],
  ],
  [
    "beside an unknown image",
    podType,
    pod(unknown, "nginx:1"),
    pod(unknown, `nginx:1@${a}`),
    ["docker.io/library/nginx:1"],
  ],
  [
    "what it can, beside what is missing",
    podType,
    pod("gone:1", "nginx"),
    pod("gone:1", `nginx@${a}`),
    ["docker.io/library/gone:1", "docker.io/library/nginx"],
  ],
  ["nothing where everything is pinned", podType, pod(`nginx:1@${a}`, unknown, "Malformed"), undefined, []],
  ["nothing where nothing can be resolved", podType, pod("gone:1"), undefined, ["docker.io/library/gone:1"]],
  ["nothing that an exception covers", podType, pod("excepted:1"), undefined, []],
  ["nothing of another type", "kubernetes:core/v1:ConfigMap", { data: { image: "nginx:1" } }, undefined, []],
];

describe("pin-images", () => {
  for (const [title, type, given, expected, asked] of cases) {
    it(`pins ${title}`, async () => {
      const answers = pinning();
      const raw = structuredClone(given);
      const properties = behindPolicyProxy(raw) as Record<string, unknown>;
      const excepted = (reference: ImageReference) => reference.repository === "library/excepted";
      const changed = await pinImages.remediate({ type, urn: "urn", properties, excepted }, answers.context);
      assert.equal(changed === undefined, expected === undefined);
      assert.deepEqual(raw, expected ?? given);
      assert.deepEqual(answers.asked, asked);
    });
  }

  it("reports what it could not resolve", async () => {
    const { context } = pinning();
    assert.deepEqual(await linesOf(pinImages.check?.(imageOf("gone:1"), context)), [
      `spec.containers[0].image: cannot resolve "gone:1": HEAD /v2/library/gone/manifests/x on docker.io answered 404`,
      "why: an image without a digest would be deployed as it is",
      `fix: ${missing(parseImageReference("gone:1")).fix}`,
    ]);
  });
  it("reports nothing else", async () => {
    const { context } = pinning();
    for (const image of ["nginx:1", `nginx:1@${a}`, "Malformed"]) {
      assert.equal(await linesOf(pinImages.check?.(imageOf(image), context)), undefined);
    }
  });
});
