import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { within } from "../../cli/within";
import { parseImageReference } from "../../images";
import { SignatureError } from "../../signatures";

const image = parseImageReference("ghcr.io/acme/api:1");

describe("cli/within", () => {
  it("calls off what takes longer, and says so of the image", async () => {
    // The signal alone keeps no process.
    const awake = setInterval(() => undefined, 1_000);
    try {
      const late = within(image, 20, async (signal) => {
        return new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => {
            reject(new Error("called off"));
          });
        });
      });
      await assert.rejects(late, (error: unknown) => {
        assert.ok(error instanceof SignatureError);
        assert.deepEqual(
          [error.code, error.message],
          ["unanswered", "cannot be verified: ghcr.io had not answered everything after 0.02 s"],
        );
        return true;
      });
    } finally {
      clearInterval(awake);
    }
  });

  it("gives and throws what comes in time", async () => {
    assert.equal(await within(image, 60_000, async () => Promise.resolve(1)), 1);
    const trouble = new Error("nobody signed it");
    await assert.rejects(
      within(image, 60_000, async () => Promise.reject(trouble)),
      trouble,
    );
  });
});
