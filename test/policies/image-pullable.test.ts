import assert from "node:assert/strict";
import { parsePlatform } from "../../images";
import { imagePullable } from "../../policies/image-pullable";
import type { PolicyContext } from "../../policies/policy";
import { RegistryError } from "../../registry";
import { contextOf, hex, imageOf, linesOf } from "./support";

type Answer = Awaited<ReturnType<PolicyContext["existence"]>>;

const pinned = `ghcr.io/acme/api:2@sha256:${hex}`;

function there(...platforms: readonly string[]): Answer {
  return { ok: true, value: { exists: true, platforms: platforms.map(parsePlatform) } };
}

const denied = new RegistryError({
  code: "denied",
  registry: "ghcr.io",
  repository: "acme/api",
  request: "GET /v2/acme/api/manifests/x on ghcr.io",
  outcome: "answered 403 DENIED",
  status: 403,
});

const cases: readonly (readonly [
  title: string,
  answer: Answer,
  platforms: readonly string[],
  problem: string | undefined,
  fix?: string,
])[] = [
  ["an image that is there", there("linux/amd64"), [], undefined],
  ["an artifact without platforms where none is demanded", there(), [], undefined],
  ["the platforms that are demanded", there("linux/amd64", "linux/arm64"), ["linux/arm64"], undefined],
  ["arm64 with its variant unsaid", there("linux/arm64/v8"), ["linux/arm64"], undefined],
  ["arm64 with its variant asked for", there("linux/arm64"), ["linux/arm64/v8"], undefined],
  ["any variant where none is asked for", there("linux/arm/v7"), ["linux/arm"], undefined],
  [
    "another variant",
    there("linux/arm/v6"),
    ["linux/arm/v7"],
    "is for linux/arm/v6 only, not for linux/arm/v7",
  ],
  [
    "a platform that is missing",
    there("linux/amd64"),
    ["linux/amd64", "linux/arm64", "windows/amd64"],
    "is for linux/amd64 only, not for linux/arm64, windows/amd64",
    "pin the digest of the multi-platform index, or push the image for linux/arm64, windows/amd64, too",
  ],
  ["no platform at all", there(), ["linux/amd64"], "is for no platform, not for linux/amd64"],
  [
    "an image that is not there",
    { ok: true, value: { exists: false, platforms: [] } },
    [],
    "is not in ghcr.io",
    `push it again, or pin a digest that is there; "pinned-images digest ghcr.io/acme/api:2" prints the tag's`,
  ],
  [
    "a registry that refuses",
    { ok: false, error: denied },
    [],
    "cannot be looked up: GET /v2/acme/api/manifests/x on ghcr.io answered 403 DENIED",
    denied.fix,
  ],
  [
    "what nobody foresaw",
    { ok: false, error: "?" },
    [],
    "cannot be looked up: the registry gave no answer",
    "retry",
  ],
];

describe("image-pullable", () => {
  for (const [title, answer, platforms, problem, fix] of cases) {
    it(`${problem === undefined ? "lets pass" : "reports"} ${title}`, async () => {
      const context = contextOf({ platforms }, { existence: () => Promise.resolve(answer) });
      const lines = await linesOf(imagePullable.check(imageOf(pinned), context));
      const first = problem === undefined ? undefined : `spec.containers[0].image: "${pinned}" ${problem}`;
      assert.equal(lines?.[0], first);
      if (fix !== undefined) assert.equal(lines?.[2], `fix: ${fix}`);
    });
  }

  it("asks nobody for what has no digest", () => {
    const existence = (): never => assert.fail("somebody was asked");
    for (const text of ["nginx:1", "nginx", `sha256:${hex}`, "nginx@sha256:1"]) {
      assert.equal(imagePullable.check(imageOf(text), contextOf({}, { existence })), undefined);
    }
  });
});
