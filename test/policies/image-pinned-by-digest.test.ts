import assert from "node:assert/strict";
import type { ReferenceForm } from "../../images";
import { imagePinnedByDigest } from "../../policies/image-pinned-by-digest";
import type { Place } from "../../resources";
import { contextOf, hex, imageOf, linesOf } from "./support";

const path = "spec.containers[0].image";

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
      assert.deepEqual(await linesOf(imagePinnedByDigest.check(imageOf(text, form), contextOf())), lines);
    });
  }

  it("lets a local image pass where the consumer takes its ID", () => {
    const image = imageOf(`sha256:${hex}`, "tag-and-digest", true);
    assert.equal(imagePinnedByDigest.check(image, contextOf()), undefined);
  });

  it("offers no line to paste when nobody gave the digest", async () => {
    const context = contextOf({}, { digestFor: () => Promise.resolve(undefined) });
    const [, , fix] = (await linesOf(imagePinnedByDigest.check(imageOf("nginx:1"), context))) ?? [];
    assert.match(fix ?? "", /^fix: pin it to the digest .* "pinned-images digest nginx:1" prints it$/);
  });

  const places: readonly (readonly [place: Place, fix: string])[] = [
    [{ as: "digest", path: "values.image.digest" }, `digest: sha256:${hex}`],
    [{ as: "digest", path: "spec.image.sha", bareHex: true }, `sha: ${hex}`],
    [
      { as: "digest", path: "spec.image.digest", insteadOf: "spec.image.tag" },
      `digest: sha256:${hex}, instead of tag`,
    ],
    [
      { as: "reference", path: "siteConfig.linuxFxVersion", prefix: "DOCKER|" },
      `linuxFxVersion: DOCKER|nginx:1@sha256:${hex}`,
    ],
    [
      { as: "fixed", reason: "the tag stands in a field of its own" },
      "write the image where a digest can stand; here none can: the tag stands in a field of its own",
    ],
  ];
  for (const [place, fix] of places) {
    it(`gives the line for a digest that goes to ${JSON.stringify(place)}`, async () => {
      const image = { ...imageOf("nginx:1"), place };
      assert.equal((await linesOf(imagePinnedByDigest.check(image, contextOf())))?.[2], `fix: ${fix}`);
    });
  }

  it("says what counts where a tag that is left out is not latest", async () => {
    const place = { as: "fixed", reason: "has no tag here", fix: "write the tag" } as const;
    assert.deepEqual(await linesOf(imagePinnedByDigest.check({ ...imageOf("nginx"), place }, contextOf())), [
      `${path}: "nginx" has no tag here`,
      movable,
      "fix: write the tag",
    ]);
  });

  it("answers at once for what is pinned", () => {
    assert.equal(imagePinnedByDigest.check(imageOf(`a@sha256:${hex}`), contextOf()), undefined);
  });

  it("reports what it cannot read", async () => {
    const image = imageOf({ kind: "unreadable", problem: "is not readable as JSON" });
    const [first] = (await linesOf(imagePinnedByDigest.check(image, contextOf()))) ?? [];
    assert.equal(first, `${path}: is not readable as JSON`);
  });
});
