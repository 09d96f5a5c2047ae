import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";

import { parseDigest } from "../images";
import { createTestStack, writePack } from "../test/support/engine";
import type { EngineResult, PackConfig, TestStack } from "../test/support/engine";
import { lockText } from "../test/support/lock";
import { projectRoot } from "../test/support/paths";
import type { Benchmark } from "./benchmark";
import { declareDeployment, imagesOf } from "./deployments";
import { compare, measurePairs } from "./measure";

const budget = 1.05;

const emptyPack = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("empty", { policies: [] });`;

/**
 * What the pack is told: nothing, or to run all that it has, with a lock that holds every image. Nobody is there to ask, so what would
 * ask a registry is excepted.
 */
const variants = (lock: string): readonly { readonly name: string; readonly packConfig: PackConfig }[] => [
  { name: "as the pack comes", packConfig: {} },
  {
    name: "all policies on",
    packConfig: {
      "pin-images": "remediate",
      "image-registry-allowed": "mandatory",
      "image-in-lock": "mandatory",
      "image-tag-unmoved": "mandatory",
      "image-pullable": "mandatory",
      "image-signed": "mandatory",
      settings: {
        signatures: { rules: [{ images: ["ghcr.io/acme/*", "envoyproxy/*"], unsigned: true }] },
        lock: { file: lock, maxAgeDays: 3650 },
        registries: ["ghcr.io/acme", "docker.io/envoyproxy"],
        exceptions: ["ghcr.io/acme/*", "envoyproxy/*"].flatMap((image) =>
          ["image-pullable", "image-tag-unmoved"].map((policy) => ({
            ...{ image, policy, owner: "bench", reason: "there is no registry", expires: "2999-12-31" },
          })),
        ),
      },
    },
  },
];

/** A preview through the real engine with this pack, beside the same preview with a pack that has no policies. */
export const packPreview: Benchmark = {
  name: "pack-preview",
  about: "a preview of many Deployments with this pack ÷ with an empty pack",

  async run({ pairs, deployments: count, progress }) {
    const empty = await writePack(emptyPack);
    const lock = join(empty.folder, "images.lock.json");
    await writeFile(lock, lockOf(count));
    const stack = await createTestStack({ program: deployments(count), timeoutMs: 600_000 });
    const seconds = async (name: string, pack: string, packConfig: PackConfig): Promise<number> => {
      const result = await stack.preview({ packs: [pack], packConfig });
      ensureComplete(result, count);
      progress(`${name}: ${toSeconds(result).toFixed(2)} s`);
      return toSeconds(result);
    };
    try {
      await ensureGate(stack);
      progress("warming up");
      await seconds("empty pack", empty.folder, {});
      const rows: Record<string, string | number>[] = [];
      for (const { name, packConfig } of variants(lock)) {
        await seconds(name, projectRoot, packConfig);
        const { work, peer, ratio, lowest, highest } = compare(
          await measurePairs(
            pairs,
            async () => seconds(name, projectRoot, packConfig),
            async () => seconds("empty pack", empty.folder, {}),
          ),
        );
        rows.push({
          pack: name,
          deployments: count,
          pairs,
          "with the pack, s": work,
          "empty pack, s": peer,
          ratio,
          "min..max": `${lowest.toFixed(2)}..${highest.toFixed(2)}`,
          budget: ratio <= budget ? "kept" : "missed",
        });
      }
      return { budget: `ratio ≤ ${budget}`, rows };
    } finally {
      await stack.dispose();
      await empty.remove();
    }
  },
};

function lockOf(count: number): string {
  const images = Array.from({ length: count }, (_, index) => Object.entries(imagesOf(index))).flat();
  return lockText(Object.fromEntries(images.map(([name, digest]) => [name, parseDigest(digest)])));
}

function deployments(count: number): () => void {
  return () => {
    for (let index = 0; index < count; index++) declareDeployment(index);
  };
}

function toSeconds({ durationMs }: EngineResult): number {
  return durationMs / 1000;
}

/** A preview that was refused, or that left something out, would be a fast one. */
function ensureComplete({ ok, stdout, stderr, resources }: EngineResult, count: number): void {
  const seen = resources.filter(({ type }) => type === "kubernetes:apps/v1:Deployment").length;
  if (!ok || seen !== count) {
    throw new Error(`the preview took up ${seen} Deployments of ${count}\n${stdout}${stderr}`);
  }
}

/** A pack that does not look is fast, too: it has to refuse a digest that lost characters. */
async function ensureGate(stack: TestStack): Promise<void> {
  const result = await stack.preview({
    packs: [projectRoot],
    program: () => {
      new kubernetes.core.v1.Pod("short", {
        spec: { containers: [{ name: "web", image: `nginx@sha256:${"a".repeat(63)}` }] },
      });
    },
  });
  if (
    result.exitCode !== 1 ||
    !result.policyEvents.some(({ enforcementLevel }) => enforcementLevel === "mandatory")
  ) {
    throw new Error(`the pack let a malformed digest pass\n${result.stdout}${result.stderr}`);
  }
}
