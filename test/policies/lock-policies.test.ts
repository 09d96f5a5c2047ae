import assert from "node:assert/strict";
import { parseImageReference, type Digest } from "../../images";
import { formatLock, LockError, timestamp, viewLock, type LockEntry } from "../../lock";
import { imageInLock } from "../../policies/image-in-lock";
import { imageLockFresh } from "../../policies/image-lock-fresh";
import { imageTagUnmoved } from "../../policies/image-tag-unmoved";
import { lookUp, type LockAnswer } from "../../policies/lock-book";
import type { ImagePolicy, PolicyContext } from "../../policies/policy";
import type { SettingsInput } from "../../policies/settings";
import { RegistryError } from "../../registry";
import { testDigest } from "../support/fake-registry-client";
import { contextOf, imageOf, linesOf, now } from "./support";

const [a, b, c, bad] = [testDigest("a"), testDigest("b"), testDigest("c"), testDigest("d")];
const day = 24 * 60 * 60 * 1000;

function entry(digest: Digest, daysAgo: number, changes: Partial<LockEntry> = {}): LockEntry {
  const lockedAt = timestamp(now.getTime() - daysAgo * day);
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return { digest, mediaType, platforms: ["linux/amd64"], lockedAt, verifiedAt: lockedAt, ...changes };
}

const view = viewLock(
  formatLock({
    images: new Map([
      [
        "docker.io/library/nginx:1.27",
        entry(a, 10, {
          history: [
            {
              digest: c,
              lockedAt: timestamp(now.getTime() - 50 * day),
              replacedAt: timestamp(now.getTime() - 10 * day),
            },
          ],
          held: [{ digest: bad, heldAt: timestamp(now.getTime() - 5 * day), reason: "CVE-2026-1" }],
        }),
      ],
      ["docker.io/library/nginx:1.27 linux/arm64", entry(b, 10)],
      ["ghcr.io/acme/old:1", entry(a, 127)],
      ["ghcr.io/acme/limit:1", entry(a, 90)],
      ["ghcr.io/acme/future:1", entry(a, -1)],
      ["localhost:5000/app:1", entry(a, 0)],
    ]),
  }),
);

const locked: PolicyContext["locked"] = (reference) =>
  Promise.resolve({ kind: "lock", path: "/repo/images.lock.json", ...lookUp(view, reference) });
const answering =
  (answer: LockAnswer): PolicyContext["locked"] =>
  () =>
    Promise.resolve(answer);
const noLock = answering({
  kind: "no-lock",
  lookedIn: ["/repo/app/images.lock.json", "/repo/images.lock.json"],
});
const broken = answering({
  kind: "unreadable",
  error: new LockError({
    code: "syntax",
    path: "images.lock.json",
    line: 3,
    column: 1,
    problem: "is no JSON",
    fix: "mend it by hand",
  }),
});

interface Case {
  readonly title: string;
  readonly policy: ImagePolicy;
  readonly image: string;
  readonly settings?: SettingsInput;
  readonly answers?: Partial<PolicyContext>;
  /** Problem, why and fix as people read them; nothing to say when left out. */
  readonly says?: readonly string[];
}

const path = "spec.containers[0].image";
const cases: readonly Case[] = [
  { title: "passes the locked digest", policy: imageInLock, image: `nginx:1.27@${a}` },
  { title: "passes the locked digest of one platform", policy: imageInLock, image: `nginx:1.27@${b}` },
  { title: "passes a locked digest without its tag", policy: imageInLock, image: `nginx@${a}` },
  { title: "passes a name with a port", policy: imageInLock, image: `localhost:5000/app:1@${a}` },
  { title: "leaves tags to another policy", policy: imageInLock, image: "nginx:1.27" },
  {
    title: "refuses what nobody locked",
    policy: imageInLock,
    image: `nginx:1.28@${a}`,
    says: [
      `${path}: "nginx:1.28@${a}" this digest is not in images.lock.json`,
      "why: no reviewed commit says where it came from",
      `fix: review it and add it to the lock: pinned-images pin nginx:1.28@${a}`,
    ],
  },
  {
    title: "refuses a digest of another repository",
    policy: imageInLock,
    image: `nginx.example.com/library/nginx@${a}`,
    says: [
      `${path}: "nginx.example.com/library/nginx@${a}" this digest is not in images.lock.json`,
      "why: no reviewed commit says where it came from",
      `fix: review it and add it to the lock: pinned-images pin nginx.example.com/library/nginx@${a}`,
    ],
  },
  {
    title: "refuses a digest that was replaced, and says when",
    policy: imageInLock,
    image: `nginx:1.27@${c}`,
    says: [
      `${path}: "nginx:1.27@${c}" this digest is not the one in images.lock.json, which holds ${a} since 2026-08-12`,
      "why: it is not the one that was reviewed for this tag",
      `fix: deploy the locked one: image: nginx:1.27@${a}`,
    ],
  },
  {
    title: "refuses a digest that was rolled back, and says why",
    policy: imageInLock,
    image: `nginx:1.27@${bad}`,
    says: [
      `${path}: "nginx:1.27@${bad}" this digest was rolled back on 2026-08-17 (CVE-2026-1) and is held in images.lock.json`,
      "why: whoever deploys it brings back what was rolled back",
      `fix: deploy the locked one: image: nginx:1.27@${a}`,
    ],
  },
  {
    title: "says where it looked for a lock",
    policy: imageInLock,
    image: `nginx:1.27@${a}`,
    answers: { locked: noLock },
    says: [
      "images.lock.json: is nowhere: looked in /repo/app/images.lock.json, /repo/images.lock.json",
      "why: without the lock nobody can say which digests were reviewed",
      `fix: begin it with "pinned-images pin <image>" and commit it; where it lies elsewhere, name it: pulumi config set pinned-images:lock <path>`,
    ],
  },
  {
    title: "says once where it looked",
    policy: imageInLock,
    image: `nginx:1.27@${a}`,
    answers: { locked: noLock, once: () => false },
  },
  {
    title: "says what is wrong with the lock",
    policy: imageInLock,
    image: `nginx:1.27@${a}`,
    answers: { locked: broken },
    says: [
      "images.lock.json: cannot be used: images.lock.json:3:1: is no JSON",
      "why: without the lock nobody can say which digests were reviewed",
      "fix: mend it by hand",
    ],
  },

  { title: "passes what was locked lately", policy: imageLockFresh, image: `nginx:1.27@${a}` },
  { title: "passes what was locked 90 days ago", policy: imageLockFresh, image: `ghcr.io/acme/limit:1@${a}` },
  {
    title: "has nothing to say without a lock",
    policy: imageLockFresh,
    image: `nginx:1@${a}`,
    answers: { locked: noLock },
  },
  { title: "leaves what is not locked to another policy", policy: imageLockFresh, image: `nginx:1@${a}` },
  {
    title: "says how old a choice is",
    policy: imageLockFresh,
    image: `ghcr.io/acme/old:1@${a}`,
    says: [
      `${path}: "ghcr.io/acme/old:1@${a}" locked 127 days ago (2026-04-17); the limit is 90 days`,
      "why: fixes published since then are not deployed",
      "fix: review what is new: pinned-images refresh ghcr.io/acme/old:1",
    ],
  },
  {
    title: "takes its limit from the settings",
    policy: imageLockFresh,
    image: `nginx:1.27@${b}`,
    settings: { lock: { maxAgeDays: 7 } },
    says: [
      `${path}: "nginx:1.27@${b}" locked 10 days ago (2026-08-12); the limit is 7 days`,
      "why: fixes published since then are not deployed",
      "fix: review what is new: pinned-images refresh docker.io/library/nginx:1.27",
    ],
  },
  {
    title: "says when a clock is wrong",
    policy: imageLockFresh,
    image: `ghcr.io/acme/future:1@${a}`,
    says: [
      `${path}: "ghcr.io/acme/future:1@${a}" locked in the future (2026-08-23T12:00:00Z)`,
      "why: one of two clocks is wrong, and how old the choice is, nobody can say",
      "fix: set this machine's clock; if it is right: pinned-images refresh ghcr.io/acme/future:1",
    ],
  },
  {
    title: "says that a broken lock hides how old things are",
    policy: imageLockFresh,
    image: `nginx:1.27@${a}`,
    answers: { locked: broken },
    says: [
      "images.lock.json: cannot be used: images.lock.json:3:1: is no JSON",
      "why: without the lock nobody can say which digests were reviewed",
      "fix: mend it by hand",
    ],
  },

  {
    title: "passes a tag that still points there",
    policy: imageTagUnmoved,
    image: `nginx:1.27@${a}`,
    answers: { served: () => Promise.resolve({ ok: true, value: a }) },
  },
  { title: "has nothing to ask without a tag", policy: imageTagUnmoved, image: `nginx@${a}` },
  {
    title: "asks for the platform that was locked",
    policy: imageTagUnmoved,
    image: `nginx:1.27@${b}`,
    answers: {
      served: (_, platform) =>
        Promise.resolve({ ok: true, value: platform?.architecture === "arm64" ? b : a }),
    },
  },
  {
    title: "says where a locked tag points now",
    policy: imageTagUnmoved,
    image: `nginx:1.27@${a}`,
    answers: { served: () => Promise.resolve({ ok: true, value: c }) },
    says: [
      `${path}: "nginx:1.27@${a}": nginx:1.27 now points to ${c}; the lock holds ${a} (locked 2026-08-12)`,
      "why: what the tag names now, nobody has reviewed, and whoever pulls by tag gets it",
      "fix: review what is new: pinned-images refresh nginx:1.27",
    ],
  },
  {
    title: "says where a tag points now that nobody locked",
    policy: imageTagUnmoved,
    image: `nginx:1@${a}`,
    answers: { locked: noLock, served: () => Promise.resolve({ ok: true, value: c }) },
    says: [
      `${path}: "nginx:1@${a}": nginx:1 now points to ${c}; it is pinned to ${a}`,
      "why: what the tag names now, nobody has reviewed, and whoever pulls by tag gets it",
      `fix: review what is new, then pin it: nginx:1@${c}`,
    ],
  },
  {
    title: "says when it could not ask",
    policy: imageTagUnmoved,
    image: `nginx:1.27@${a}`,
    answers: {
      served: () =>
        Promise.resolve({
          ok: false,
          error: new RegistryError({
            code: "timeout",
            registry: "docker.io",
            repository: "library/nginx",
            outcome: "docker.io gave no answer within 10 s",
          }),
        }),
    },
    says: [
      `${path}: "nginx:1.27@${a}" cannot be looked up: docker.io gave no answer within 10 s`,
      "why: a tag that cannot be looked up may have moved",
      "fix: ",
    ],
  },
];

describe("the policies over the lock", () => {
  for (const { title, policy, image, settings, answers, says } of cases) {
    it(`${policy.name} ${title}`, async () => {
      const context = contextOf(settings, { locked, ...answers });
      const lines = await linesOf(policy.check(imageOf(image), context));
      if (says === undefined) assert.equal(lines, undefined);
      else {
        assert.equal(lines?.length, says.length, lines?.join("\n"));
        // A fix that ends in nothing here is another module's to word.
        says.forEach((line, n) => {
          assert.ok(
            line === "fix: " ? lines[n]?.startsWith(line) : lines[n] === line,
            `${lines[n]}\n${line}`,
          );
        });
      }
    });
  }
});

describe("lookUp", () => {
  it("finds nothing in an empty lock", () => {
    const empty = viewLock(formatLock({ images: new Map() }));
    assert.deepEqual(lookUp(empty, parseImageReference(`nginx@${a}`)), { others: [] });
  });
  it("does not take one repository for another that begins like it", () => {
    const found = lookUp(view, parseImageReference(`docker.io/library/nginx-extra:1.27@${a}`));
    assert.deepEqual(found, { others: [] });
  });
});
