// How strictly a stack is treated, through the real engine: environments, presets, packs of one's own, and the update.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SettingsInput } from "../../policies/settings";
import { createTestStack, previewProgram, writePack, type EngineResult } from "../support/engine";
import { projectRoot } from "../support/paths";

const hex = "0123456789abcdef".repeat(4);

function web(image: pulumi.Input<string> = "nginx:latest"): void {
  new kubernetes.core.v1.Pod("web", { spec: { containers: [{ name: "web", image }] } });
}

/** `level policy`, sorted. */
function said({ policyEvents }: EngineResult): string[] {
  return policyEvents
    .map(({ enforcementLevel, policyName }) => `${enforcementLevel} ${policyName}`)
    .toSorted();
}

const pinnedByDigest = "image-pinned-by-digest";
const runtimeRestricted = "container-runtime-restricted";

describe("the environment of a stack", function () {
  this.timeout(60_000);

  const environments: SettingsInput["environments"] = [
    { name: "production", stacks: ["prod*"] },
    { name: "staging", stacks: ["staging"], levels: { [runtimeRestricted]: "enforce" } },
    { name: "development", stacks: ["dev*"], level: "advise", levels: { [runtimeRestricted]: "off" } },
  ];
  const settings: SettingsInput = { suggestDigests: false, environments };
  const asProduction = [`advisory ${runtimeRestricted}`, `mandatory ${pinnedByDigest}`];

  const cases: readonly (readonly [
    title: string,
    stackName: string,
    tag: string | undefined,
    exitCode: number,
    says: readonly string[],
  ])[] = [
    ["lets a development stack pass, with advice", "dev", undefined, 0, [`advisory ${pinnedByDigest}`]],
    ["blocks the same stack named production", "production", undefined, 1, asProduction],
    [
      "is made stricter by the stack's tag",
      "dev",
      "staging",
      1,
      [`mandatory ${runtimeRestricted}`, `mandatory ${pinnedByDigest}`],
    ],
    ["is not made laxer by the stack's tag", "production", "development", 1, asProduction],
  ];
  for (const [title, stackName, tag, exitCode, says] of cases) {
    it(title, async () => {
      const result = await previewProgram({
        program: () => {
          web();
        },
        stackName,
        ...(tag === undefined ? {} : { stackTags: { environment: tag } }),
        packs: [projectRoot],
        packConfig: { settings },
      });
      assert.equal(result.exitCode, exitCode, result.stdout + result.stderr);
      assert.deepEqual(said(result), says);
    });
  }
});

describe("a preset", function () {
  this.timeout(60_000);

  const cases: readonly (readonly [preset: string, exitCode: number, says: readonly string[]])[] = [
    ["production", 1, [`advisory ${runtimeRestricted}`, `mandatory ${pinnedByDigest}`]],
    ["staging", 1, [`advisory ${runtimeRestricted}`, `mandatory ${pinnedByDigest}`]],
    ["development", 0, [`advisory ${pinnedByDigest}`]],
  ];
  for (const [preset, exitCode, says] of cases) {
    it(`for ${preset} ${exitCode === 0 ? "lets" : "does not let"} a floating tag pass`, async () => {
      const result = await previewProgram({
        program: () => {
          // Nobody is there to ask for a digest.
          web("localhost:1/nginx:latest");
        },
        packs: [projectRoot],
        packConfig: join(projectRoot, "presets", `${preset}.json`),
      });
      assert.equal(result.exitCode, exitCode, result.stdout + result.stderr);
      assert.deepEqual(said(result), says);
    });
  }
});

describe("a pack of one's own", function () {
  this.timeout(60_000);

  const image = `quay.io/x/y:1@sha256:${hex}`;
  const fromOwnSettings = `comes from quay.io; allowed: docker.io/library, ghcr.io/acme`;
  const fromTheEngine = `comes from quay.io; allowed: registry.acme.io`;
  for (const [from, packConfig, expected] of [
    ["the pack", { [runtimeRestricted]: "disabled" }, fromOwnSettings],
    [
      "the engine, over the pack's",
      { [runtimeRestricted]: "disabled", settings: { registries: ["registry.acme.io"] } },
      fromTheEngine,
    ],
  ] as const) {
    it(`gives the policies the settings of ${from}`, async () => {
      const example = join(projectRoot, "build", "examples", "own-pack", "index.js");
      const pack = await writePack(`require(${JSON.stringify(example)});`);
      const described = readFileSync(join(projectRoot, "examples", "own-pack", "package.json"), "utf8");
      // The SDK wants a version of the pack there.
      await writeFile(join(pack.folder, "package.json"), described.replace("index.ts", "index.js"));
      try {
        const result = await previewProgram({
          program: () => {
            web(image);
          },
          packs: [pack.folder],
          packConfig,
        });
        assert.equal(result.exitCode, 1, result.stdout + result.stderr);
        assert.deepEqual(
          result.policyEvents.map(({ message }) => message.split("\n")[1]),
          [`spec.containers[0].image: "${image}" ${expected}`],
        );
      } finally {
        await pack.remove();
      }
    });
  }

  it("lets remediations see the settings from the first image on", async () => {
    const pack = await writePack(remediatingPack());
    try {
      const result = await previewProgram({
        program: () => {
          web("nginx:1");
          new kubernetes.core.v1.Pod("excepted", {
            spec: { containers: [{ name: "a", image: "busybox:1" }] },
          });
        },
        packs: [pack.folder],
        packConfig: {
          remember: "remediate",
          [runtimeRestricted]: "disabled",
          settings: {
            suggestDigests: false,
            registries: ["registry.acme.io/mirror"],
            exceptions: [{ image: "busybox", owner: "web", reason: "a demo", expires: "2999-12-31" }],
          },
        },
      });
      const inputs = result.resources
        .filter(({ type }) => type === "kubernetes:core/v1:Pod")
        .map(({ inputs }) => /"image":"([^"]*)"/.exec(JSON.stringify(inputs))?.[1]);
      assert.deepEqual(inputs.toSorted(), ["busybox:1", `registry.acme.io/mirror/nginx:1@sha256:${hex}`]);
      // What the list of registries counts on is disabled, which is said, and what was changed passes.
      assert.deepEqual(said(result), ["mandatory settings"]);
    } finally {
      await pack.remove();
    }
  });
});

describe("an image that a preview cannot know", function () {
  this.timeout(60_000);

  it("is checked in the update, before it is deployed", async () => {
    const stack = await createTestStack({
      program: () => {
        web(pulumi.interpolate`nginx:${new kubernetes.core.v1.Namespace("later").id}`);
      },
      packs: [projectRoot],
      packConfig: {
        [runtimeRestricted]: "disabled",
        settings: { onUnknown: "advise", suggestDigests: false },
      },
    });
    try {
      const preview = await stack.preview();
      assert.deepEqual([preview.exitCode, ...said(preview)], [0, `advisory ${pinnedByDigest}`]);
      const up = await stack.up();
      assert.notEqual(up.exitCode, 0);
      assert.deepEqual(said(up), [`mandatory ${pinnedByDigest}`]);
      assert.ok(!up.resources.some(({ name }) => name === "web"), "the Pod was not created");
    } finally {
      await stack.dispose();
    }
  });
});

/** A pack with the policies of this one, and a remediation that writes what it sees of the settings into the image. */
function remediatingPack(): string {
  const pack = JSON.stringify(join(projectRoot, "dist", "policies", "pack.js"));
  const images = JSON.stringify(join(projectRoot, "dist", "images", "index.js"));
  return `
const { PolicyPack } = require("@pulumi/policy");
const { allPolicies, bindPolicies } = require(${pack});
const { parseImageReference } = require(${images});
const remember = {
  name: "remember",
  description: "Images come from the mirror.",
  level: "disabled",
  severity: "low",
  over: "resources",
  remediate({ type, properties, excepted }, { settings }) {
    if (type !== "kubernetes:core/v1:Pod") return undefined;
    const [container] = properties.spec.containers;
    if (excepted(parseImageReference(container.image))) return undefined;
    container.image = settings.registries[0].text + "/" + container.image + "@sha256:${hex}";
    return properties;
  },
};
new PolicyPack("remediating", { policies: bindPolicies([...allPolicies, remember]) });`;
}
