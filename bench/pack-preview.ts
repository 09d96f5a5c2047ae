import * as kubernetes from "@pulumi/kubernetes";

import { createTestStack, writePack } from "../test/support/engine";
import type { EngineResult, TestStack } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import type { Benchmark } from "./benchmark";
import { declareDeployment } from "./deployments";
import { compare, measurePairs } from "./measure";

const count = 1_000;
const budget = 1.05;

const emptyPack = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("empty", { policies: [] });`;

/** A preview through the real engine with this pack, beside the same preview with a pack that has no policies. */
export const packPreview: Benchmark = {
  name: "pack-preview",
  about: `a preview of ${count} Deployments with this pack ÷ with an empty pack`,

  async run({ pairs, progress }) {
    const empty = await writePack(emptyPack);
    const stack = await createTestStack({ program: deployments, timeoutMs: 600_000 });
    const seconds = async (pack: string): Promise<number> => {
      const result = await stack.preview({ packs: [pack] });
      ensureComplete(result);
      progress(`${pack === projectRoot ? "with the pack" : "empty pack"}: ${toSeconds(result).toFixed(2)} s`);
      return toSeconds(result);
    };
    try {
      await ensureGate(stack);
      progress("warming up");
      await seconds(empty.folder);
      await seconds(projectRoot);
      const { work, peer, ratio, lowest, highest } = compare(
        await measurePairs(
          pairs,
          async () => seconds(projectRoot),
          async () => seconds(empty.folder),
        ),
      );
      return {
        budget: `ratio ≤ ${budget}`,
        rows: [
          {
            deployments: count,
            pairs,
            "with the pack, s": work,
            "empty pack, s": peer,
            ratio,
            "min..max": `${lowest.toFixed(2)}..${highest.toFixed(2)}`,
            budget: ratio <= budget ? "kept" : "missed",
          },
        ],
      };
    } finally {
      await stack.dispose();
      await empty.remove();
    }
  },
};

function deployments(): void {
  for (let index = 0; index < count; index++) declareDeployment(index);
}

function toSeconds({ durationMs }: EngineResult): number {
  return durationMs / 1000;
}

/** A preview that was refused, or that left something out, would be a fast one. */
function ensureComplete({ ok, stdout, stderr, resources }: EngineResult): void {
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
