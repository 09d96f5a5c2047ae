// docs/guides/rollback.md, played: the commands in processes of their own, the stack in the real engine (provider plugins are
// stand-ins) with the pack attached. Prints its transcript, with times.
import assert from "node:assert/strict";
import { Deployment } from "../../components/kubernetes";
import { createWorkplace } from "../support/command-line";
import { createTestStack, type EngineResult, type TestStack } from "../support/engine";
import { beginDrill, drillSteps, lockedDigest, type Drill, type DrillStep } from "../support/incident-drill";
import { projectRoot } from "../support/paths";
import { startRegistry } from "../support/registry";

// The steps build upon each other: they are one test, told in six lines.
describe("the incident drill of docs/guides/rollback.md", function () {
  this.timeout(180_000);
  let drill: Drill;
  let stack: TestStack;

  before(async () => {
    drill = beginDrill(await startRegistry(), await createWorkplace());
    stack = await createTestStack({
      stackName: "production",
      config: { "pinned-images:lock": drill.place.path("images.lock.json") },
      packs: [projectRoot],
      packConfig: {
        "image-in-lock": "mandatory",
        "container-runtime-restricted": "disabled",
        settings: { lock: { file: drill.place.path("images.lock.json") } },
      },
      program: () => {
        const labels = { app: "api" };
        new Deployment("api", {
          spec: {
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: { containers: [{ name: "api", image: drill.image }] } },
          },
        });
      },
    });
  });

  after(async () => {
    await stack.dispose();
    await drill.registry.close();
    await drill.place.remove();
    console.log(drill.transcript.join("\n"));
  });

  // step → which digest the lock has then, what the command says, and what Pulumi does with it
  const table: readonly (readonly [
    step: DrillStep,
    locked: "good" | "bad",
    says: RegExp,
    then: "preview" | "up",
  ])[] = [
    [drillSteps.pin, "good", /^locked /, "up"],
    [drillSteps.refresh, "bad", /^replaced /, "up"],
    [drillSteps.rollback, "good", /^rolled back [^]*held from now on\n[^]*the registry has it/, "preview"],
    [
      drillSteps.refreshHeld,
      "good",
      /^held [^]*held since \S+ by Ann Lee [^]*because "INC-42: crashes on start"/,
      "up",
    ],
    [drillSteps.release, "good", /^released /, "preview"],
    [
      drillSteps.refreshReleased,
      "bad",
      /^replaced [^]*comes back: rolled back \S+, released \S+ by Ann Lee/,
      "preview",
    ],
  ];

  it("goes through: the stack has what the lock has, and the lock keeps the bad digest away until it is released", async () => {
    for (const [step, locked, says, then] of table) {
      const { code, stdout, stderr } = await step.play(drill);
      assert.deepEqual([code, stderr], [0, ""], step.title);
      assert.match(stdout, says, step.title);
      assert.equal(await lockedDigest(drill), drill[locked], step.title);

      const began = drill.since();
      const result = await stack[then]();
      assert.equal(result.exitCode, 0, result.stdout + result.stderr);
      assert.equal(imageOf(result), `${drill.image}@${drill[locked]}`, step.title);
      note(drill, then, began, imageOf(result));
    }
    const entry = (await drill.place.lock()).images.get(drill.image);
    assert.deepEqual(
      entry?.history?.map(({ how, digest }) => [how, digest === drill.good ? "good" : "bad"]),
      [
        ["pin", "good"],
        ["refresh", "bad"],
        ["rollback", "good"],
      ],
    );
  });
});

function imageOf({ resources }: EngineResult): string | undefined {
  const deployment = resources.find(({ name }) => name === "api");
  return /"image":"([^"]*)"/.exec(JSON.stringify(deployment?.inputs ?? {}))?.[1];
}

function note({ transcript, since }: Drill, verb: string, began: number, image = ""): void {
  const at = (milliseconds: number): string => `[${(milliseconds / 1000).toFixed(1).padStart(5)} s]`;
  transcript.push(
    `${at(began)} $ pulumi ${verb}`,
    `Deployment api: ${image}`,
    `${at(since())} exit code 0`,
    "",
  );
}
