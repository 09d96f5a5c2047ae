import assert from "node:assert/strict";
import { imageState, parseDigest, type ReferenceForm } from "../../images";
import { formatFinding } from "../../report";
import { imagePinnedByDigest } from "../../policies/image-pinned-by-digest";
import type { PolicyContext } from "../../policies/policy";
import { strictestSettings } from "../../policies/settings";
import type { FoundImage } from "../../resources";

const hex = "0123456789abcdef".repeat(4);
const digest = parseDigest(`sha256:${hex}`);
const path = "spec.containers[0].image";

function context(overrides: Partial<PolicyContext> = {}): PolicyContext {
  return { settings: strictestSettings, digestFor: () => Promise.resolve(digest), ...overrides };
}

async function message(state: FoundImage["state"] | string, more: Partial<FoundImage> = {}, ctx = context()) {
  const image: FoundImage = {
    path,
    form: "tag-and-digest",
    takesLocalIds: false,
    state: typeof state === "string" ? imageState(state) : state,
    ...more,
  };
  const finding = await imagePinnedByDigest.check(image, ctx);
  return finding === undefined ? undefined : formatFinding(finding);
}

const movable = "why: a tag can be moved after review; a digest cannot";
const malformed = "why: the runtime refuses it or, worse, takes it for something else";
const copy = "fix: copy the whole digest again: a character was probably lost or changed in copying";

const cases: readonly (readonly [
  text: string,
  lines: readonly string[] | undefined,
  form?: ReferenceForm,
])[] = [
  [`nginx@sha256:${hex}`, undefined],
  [`nginx:1.27@sha256:${hex}`, undefined],
  [
    "nginx:1.27.0",
    [`${path}: "nginx:1.27.0" is pinned by tag only`, movable, `fix: image: nginx:1.27.0@sha256:${hex}`],
  ],
  [
    "localhost:5000/team/app",
    [
      `${path}: "localhost:5000/team/app" has no tag and no digest, so the runtime pulls "localhost:5000/team/app:latest"`,
      movable,
      `fix: image: localhost:5000/team/app@sha256:${hex}`,
    ],
  ],
  [
    "nginx",
    [
      `${path}: "nginx" has no tag and no digest, so the runtime pulls "nginx:latest"`,
      movable,
      `fix: image: nginx@sha256:${hex}`,
    ],
  ],
  [
    "nginx:latest",
    [
      `${path}: "nginx:latest" means whatever was pushed last`,
      movable,
      `fix: image: nginx:latest@sha256:${hex}`,
    ],
  ],
  ["f:1", [`${path}: "f:1" is pinned by tag only`, movable, `fix: image: f@sha256:${hex}`], "digest"],
  [
    `nginx@sha256:${hex.slice(1)}`,
    [
      `${path}: "nginx@sha256:${hex.slice(1)}": the digest has 63 hex characters, sha256 needs 64`,
      malformed,
      copy,
    ],
  ],
  [
    "Nginx:1",
    [
      `${path}: "Nginx:1" has upper case in its repository: "Nginx"`,
      malformed,
      "fix: write it as [registry/]repository:tag@sha256:…",
    ],
  ],
  [
    `sha256:${hex}`,
    [
      `${path}: "sha256:${hex}" is the ID of an image in one engine, where a reference to a registry is needed`,
      "why: another machine has another image under it, or none",
      "fix: write it as [registry/]repository:tag@sha256:…",
    ],
  ],
  [
    "scratch",
    [
      `${path}: "scratch" is the empty base image of Dockerfiles, which nothing can run`,
      "why: an image that nobody could look at may be unpinned",
      "fix: write it as [registry/]repository:tag@sha256:…",
    ],
  ],
];

describe("image-pinned-by-digest", () => {
  for (const [text, lines, form] of cases) {
    it(lines === undefined ? `lets ${text} pass` : (lines[0] ?? ""), async () => {
      assert.deepEqual((await message(text, form === undefined ? {} : { form }))?.split("\n"), lines);
    });
  }

  it("lets a local image pass where the consumer takes its ID", async () => {
    assert.equal(await message(`sha256:${hex}`, { takesLocalIds: true }), undefined);
  });

  it("offers no line to paste when nobody gave the digest", async () => {
    const text = await message("nginx:1", {}, context({ digestFor: () => Promise.resolve(undefined) }));
    assert.match(text ?? "", /fix: pin it to the digest .* "pinned-images digest nginx:1" prints it$/);
  });

  it("answers at once for what is pinned", () => {
    const image: FoundImage = {
      path,
      form: "digest",
      takesLocalIds: false,
      state: imageState(`a@${digest}`),
    };
    assert.equal(imagePinnedByDigest.check(image, context()), undefined);
  });

  for (const [onUnknown, level] of [
    ["refuse", "mandatory"],
    ["advise", "advisory"],
  ] as const) {
    it(`reports an unknown image as ${level} with onUnknown: "${onUnknown}"`, async () => {
      const image: FoundImage = { path, form: "digest", takesLocalIds: false, state: { kind: "unknown" } };
      const settings = { ...strictestSettings, onUnknown };
      const finding = await imagePinnedByDigest.check(image, context({ settings }));
      assert.equal(finding?.level, level);
      assert.match(finding.problem, /^not known until the update/);
    });
  }

  it("reports what it cannot read", async () => {
    assert.match(
      (await message({ kind: "unreadable", problem: "is not readable as JSON" })) ?? "",
      /^spec\.containers\[0\]\.image: is not readable as JSON\n/,
    );
  });
});
