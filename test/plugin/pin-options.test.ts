import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parsePinOptions, type PinOptions, type PinOptionTexts } from "../../plugin/pin-options";

const right: readonly (readonly [given: PinOptionTexts, read: PinOptions])[] = [
  [{}, { form: "tag-and-digest", pinning: {} }],
  [{ form: "tag-and-digest" }, { form: "tag-and-digest", pinning: {} }],
  [{ form: "digest" }, { form: "digest", pinning: {} }],
  [
    { strategy: "lock-first", lock: "images.production.lock.json", platform: "linux/arm/v7" },
    {
      form: "tag-and-digest",
      pinning: { strategy: "lock-first", lock: "images.production.lock.json", platform: "linux/arm/v7" },
    },
  ],
];

const wrong: readonly (readonly [given: PinOptionTexts, message: string])[] = [
  [{ form: "Digest" }, 'form is "Digest"; it can be tag-and-digest or digest'],
  [{ form: "" }, 'form is ""; it can be tag-and-digest or digest'],
  [{ strategy: "latest" }, 'strategy is "latest"; it can be locked, lock-first or registry'],
  [{ platform: "arm64" }, '"arm64" is no platform; write it like linux/amd64 or linux/arm/v7'],
];

describe("the options of the component package", () => {
  for (const [given, read] of right) {
    it(`reads ${JSON.stringify(given)}`, () => {
      assert.deepEqual(parsePinOptions(given), read);
    });
  }
  for (const [given, message] of wrong) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      assert.throws(() => parsePinOptions(given), { name: "TypeError", message });
    });
  }
});
