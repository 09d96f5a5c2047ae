import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { createWorkplace } from "../support/command-line";
import { beginDrill, drillSteps, lockedDigest, type Drill, type DrillStep } from "../support/incident-drill";
import { startRegistry } from "../support/registry";

// The steps build upon each other: they are one test, told in six lines.
describe("the incident drill of docs/guides/rollback.md", () => {
  let drill: Drill;

  before(async () => {
    drill = beginDrill(await startRegistry(), await createWorkplace());
  });

  after(async () => {
    await drill.registry.close();
    await drill.place.remove();
    console.log(drill.transcript.join("\n"));
  });

  // step → which digest the lock has then, and what the command says
  const table: readonly (readonly [step: DrillStep, locked: "good" | "bad", says: RegExp])[] = [
    [drillSteps.pin, "good", /^locked /],
    [drillSteps.refresh, "bad", /^replaced /],
    [drillSteps.rollback, "good", /^rolled back [^]*held from now on\n[^]*the registry has it/],
    [
      drillSteps.refreshHeld,
      "good",
      /^held [^]*held since \S+ by Ann Lee [^]*because "INC-42: crashes on start"/,
    ],
    [drillSteps.release, "good", /^released /],
    [drillSteps.refreshReleased, "bad", /^replaced [^]*comes back: rolled back \S+, released \S+ by Ann Lee/],
  ];

  it("goes through, each command with exit code 0", async function () {
    this.timeout(60_000);
    for (const [step, locked, says] of table) {
      const { code, stdout, stderr } = await step.play(drill);
      assert.deepEqual([code, stderr], [0, ""], step.title);
      assert.match(stdout, says, step.title);
      assert.equal(await lockedDigest(drill), drill[locked], step.title);
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
