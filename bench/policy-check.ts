import * as sdk from "@pulumi/policy";
import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";

import { parseDigest } from "../images";

import { pinnedImagesPolicies } from "../policies/pack";
import { compiledLocations, type PathStep } from "../resources";
import { fakeRegistryClient } from "../test/support/fake-registry-client";
import { lockText } from "../test/support/lock";
import type { Benchmark, Figures } from "./benchmark";
import { digestOf } from "./deployments";
import { compare, measurePairs } from "./measure";
import { signedByOneKey } from "./signatures";

const budgetMicroseconds = 50;
const imageCounts = [1, 10, 100];
/** More images than this in one resource need not fit the budget, but must not cost more each. */
const ordinary = 10;
/** How far µs per image may vary and still be called the same. */
const linear = 1.25;
/** One sample lasts about this long, so that the clock's grain and a short pause weigh little. */
const sampleMs = 20;

/** Each policy of the pack on one Deployment, beside the regular expression that policies of this kind usually are. */
export const policyCheck: Benchmark = {
  name: "policy-check",
  about: "one policy on one Deployment, beside a regular expression over the same properties",

  async run({ pairs, progress }) {
    const rows: Record<string, string | number>[] = [];
    const folder = await mkdtemp(join(tmpdir(), "bench-policies-"));
    try {
      return await measureIn(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }

    async function measureIn(folder: string): Promise<Figures> {
      for (const policy of await policies(folder)) {
        const perImage = new Map<number, number>();
        for (const images of imageCounts) {
          progress(`${policy.name}, ${images} images`);
          const args = argsWith(images);
          const ours = await sampler(policy, args);
          const theirs = await sampler(peer, args);
          const {
            work,
            peer: peerTime,
            ratio,
            lowest,
            highest,
          } = compare(await measurePairs(pairs, ours, theirs));
          perImage.set(images, work / images);
          rows.push({
            policy: policy.name,
            images,
            pairs,
            "policy, µs": work,
            "µs per image": work / images,
            "regex, µs": peerTime,
            ratio,
            "min..max": `${lowest.toFixed(2)}..${highest.toFixed(2)}`,
            budget: verdict(images, perImage),
          });
        }
      }
      return {
        budget: `≤ ${budgetMicroseconds} µs for a resource of up to ${ordinary} images; beyond, linear: no more µs per image`,
        rows,
      };
    }
  },
};

/** Every policy, with what it needs to have something to look at: a lock that holds the images, and registries that answer at once. */
async function policies(folder: string): Promise<readonly ResourceValidationPolicy[]> {
  const digests = Object.fromEntries(
    Array.from({ length: Math.max(...imageCounts) }, (_, index) => [
      nameOf(index),
      parseDigest(digestOf(index)),
    ]),
  );
  const file = join(folder, "images.lock.json");
  await writeFile(file, lockText(digests));
  const { pem, artifacts } = signedByOneKey();
  const all = pinnedImagesPolicies({
    registry: { ...fakeRegistryClient(digests), ...artifacts },
    settings: {
      registries: ["ghcr.io/acme"],
      platforms: ["linux/amd64"],
      lock: { file, maxAgeDays: 3650 },
      signatures: { rules: [{ images: ["ghcr.io/acme/**"], keys: [pem] }] },
    },
  });
  // As for the first resource of a run: whoever is not called for it counts as disabled.
  for (const policy of all) {
    for (const validate of [policy.validateResource ?? []].flat()) await validate(argsWith(1), refuse);
  }
  return all;
}

function nameOf(index: number): string {
  return `ghcr.io/acme/service-${index}:1.27`;
}

/** Up to the ordinary size the budget itself; beyond it, whether an image costs what it does there. */
function verdict(images: number, perImage: ReadonlyMap<number, number>): string {
  const each = perImage.get(images) ?? NaN;
  if (images <= ordinary) return each * images <= budgetMicroseconds ? "kept" : "missed";
  return each <= linear * (perImage.get(ordinary) ?? NaN) ? "linear" : "not linear";
}

/** What most packs do: go to the properties that hold images, and test the text. */
const peer: ResourceValidationPolicy = {
  name: "regex",
  description: "Images end in a digest.",
  enforcementLevel: "mandatory",
  validateResource({ type, props }, reportViolation) {
    for (const { steps } of compiledLocations(type)) testEach(props, steps, 0, reportViolation);
  },
};

function testEach(value: unknown, steps: readonly PathStep[], index: number, report: ReportViolation): void {
  const step = steps[index];
  if (step === undefined) {
    if (typeof value === "string" && !/@sha256:[a-f0-9]{64}$/.test(value)) report(`${value} has no digest`);
  } else if (step.kind === "property") {
    if (typeof value === "object" && value !== null) {
      testEach(Reflect.get(value, step.name), steps, index + 1, report);
    }
  } else if (Array.isArray(value)) {
    for (const item of value) testEach(item, steps, index + 1, report);
  }
}

/** Gives a function that measures one call of the policy, in microseconds, over as many calls as make a sample. */
async function sampler(
  policy: ResourceValidationPolicy,
  args: ResourceValidationArgs,
): Promise<() => Promise<number>> {
  const validations = [policy.validateResource ?? []].flat();
  const calls = async (count: number): Promise<number> => {
    const start = performance.now();
    for (let call = 0; call < count; call++) {
      for (const validate of validations) {
        const done = validate(args, refuse);
        if (done instanceof Promise) await done;
      }
    }
    return performance.now() - start;
  };
  // Doubling warms up, too: the compiler has seen the code for several samples before the first one counts.
  let count = 1;
  while ((await calls(count)) < sampleMs) count *= 2;
  await calls(count);
  return async () => ((await calls(count)) * 1000) / count;
}

/** What is measured is what passes; a violation would measure the making of messages. */
function refuse(violation: string): never {
  throw new Error(`a pinned image was reported: ${violation}`);
}

/** What the SDK hands to a policy for a Deployment with this many images: the properties behind its proxy. */
function argsWith(images: number): ResourceValidationArgs {
  const containers = Array.from({ length: images }, (_, index) => ({
    name: `container-${index}`,
    image: `${nameOf(index)}@${digestOf(index)}`,
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ports: [{ containerPort: 8080 }],
  }));
  return {
    type: "kubernetes:apps/v1:Deployment",
    props: behindProxy({ spec: { replicas: 2, template: { spec: { containers } } } }),
    urn: "urn:pulumi:bench::bench::kubernetes:apps/v1:Deployment::web",
    name: "web",
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    // Whoever asks names the type; no configuration is of every type whose properties are optional.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
    getConfig: <T extends object>() => ({}) as T,
    notApplicable: () => {
      throw new Error("the policy does not look at Deployments");
    },
  };
}

/** The SDK exports its proxy, and its declarations do not say so. */
const { unknownCheckingProxy } = v.parse(v.object({ unknownCheckingProxy: v.function() }), sdk);

function behindProxy(properties: object): Record<string, unknown> {
  const proxy = unknownCheckingProxy(properties);
  if (isRecord(proxy)) return proxy;
  throw new Error("the SDK's proxy is not an object");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
