import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseDigest } from "../images";
import {
  formatLock,
  parseLock,
  timestamp,
  updateLockFile,
  viewLock,
  type Lock,
  type LockEntry,
} from "../lock";
import type { Benchmark } from "./benchmark";
import { digestOf } from "./deployments";
import { compare, measurePairs } from "./measure";

const images = 5_000;
const lookups = 100;
const budgets = { change: 150, preview: 30 };

/** A lock of 5,000 images, beside JSON alone. */
export const largeLock: Benchmark = {
  name: "large-lock",
  about: `a lock of ${images} images, each with a history, beside JSON.parse, JSON.stringify and writeFile of the same bytes`,

  async run({ pairs, progress }) {
    const folder = await mkdtemp(join(tmpdir(), "bench-lock-"));
    try {
      const lock = lockOf(images);
      const text = formatLock(lock);
      const ours = join(folder, "images.lock.json");
      const theirs = join(folder, "peer.json");
      await writeFile(ours, text);
      const names = [...lock.images.keys()].filter((_, index) => index % (images / lookups) === 0);
      const one = names[0] ?? "";

      const works: readonly Work[] = [
        {
          name: "read and written",
          budget: budgets.change,
          ours: async () => writeFile(ours, formatLock(parseLock(text))),
          peer: async () => writeFile(theirs, `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`),
        },
        {
          name: "one entry changed with updateLockFile (claim, fsync, rename)",
          budget: budgets.change,
          ours: async () => updateLockFile(ours, (before) => touched(before, one)),
          peer: async () => writeFile(theirs, `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`),
        },
        {
          name: `viewed, ${lookups} entries looked up`,
          budget: budgets.preview,
          ours: () => {
            const view = viewLock(text);
            for (const name of names)
              if (view.get(name) === undefined) throw new Error(`${name} is not there`);
          },
          peer: () => void JSON.parse(text),
        },
      ];
      const rows: Record<string, string | number>[] = [];
      for (const { name, budget, ours, peer } of works) {
        progress(name);
        await timed(ours);
        await timed(peer);
        const measured = await measurePairs(
          pairs,
          async () => timed(ours),
          async () => timed(peer),
        );
        const { work, peer: peerTime, ratio, lowest, highest } = compare(measured);
        rows.push({
          "a lock of 5,000": name,
          MB: text.length / 1e6,
          pairs,
          ms: work,
          // What a machine that does nothing else would take, more or less.
          "best, ms": Math.min(...measured.map((pair) => pair.work)),
          "JSON alone, ms": peerTime,
          ratio,
          "min..max": `${lowest.toFixed(2)}..${highest.toFixed(2)}`,
          budget: `${work <= budget ? "kept" : "missed"}: ${budget} ms`,
        });
      }
      return {
        budget: `read and written in ≤ ${budgets.change} ms; ≤ ${budgets.preview} ms of a preview`,
        rows,
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

interface Work {
  readonly name: string;
  /** Milliseconds. */
  readonly budget: number;
  readonly ours: () => unknown;
  readonly peer: () => unknown;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Another lock each time, so that it is written. */
function touched(lock: Lock, name: string): Lock {
  const entry = lock.images.get(name);
  if (entry === undefined) throw new Error(`${name} is not there`);
  const reason = entry.reason === "again" ? "once more" : "again";
  return { ...lock, images: new Map(lock.images).set(name, { ...entry, reason }) };
}

function lockOf(count: number): Lock {
  const by = "Ada Lovelace <ada@example.com>";
  const common = {
    mediaType: "application/vnd.oci.image.index.v1+json",
    platforms: ["linux/amd64", "linux/arm64"],
    by,
  } as const;
  const [first, second] = [timestamp(Date.UTC(2026, 9, 21)), timestamp(Date.UTC(2026, 10, 21))];
  const entries = Array.from({ length: count }, (_, index): readonly [string, LockEntry] => [
    `ghcr.io/acme/team-${index % 50}/service-${index}:1.${index % 30}.0`,
    {
      ...common,
      digest: parseDigest(digestOf(index)),
      lockedAt: second,
      verifiedAt: second,
      how: "refresh",
      reason: "CVE-2026-1234",
      history: [
        {
          ...common,
          digest: parseDigest(digestOf(count + index)),
          lockedAt: first,
          replacedAt: second,
          how: "pin",
        },
      ],
    },
  ]);
  return { images: new Map(entries) };
}
