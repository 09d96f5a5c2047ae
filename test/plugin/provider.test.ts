import assert from "node:assert/strict";
import { output, type Inputs } from "@pulumi/pulumi";
import { describe, it } from "mocha";
import { parseInputs } from "../../plugin/inputs";
import { componentProvider } from "../../plugin/provider";

const type = "pinned-images:index:PinnedImage";

const refused: readonly (readonly [inputs: Inputs, message: string])[] = [
  [{}, "image: it is missing"],
  [{ image: 1.27 }, "image: it must be text"],
  [{ image: null }, "image: it must be text"],
  [{ image: "nginx", tag: "1.27" }, "tag: there is no such input"],
  [
    { image: "nginx", platfrom: "linux/amd64", form: 1 },
    "form: it must be plain text that every preview knows; platfrom: there is no such input",
  ],
  [
    { image: "nginx", lock: output("images.lock.json") },
    "lock: it must be plain text that every preview knows",
  ],
  [{ image: "nginx", form: "short" }, 'form is "short"; it can be tag-and-digest or digest'],
];

describe("constructing for programs in other languages", () => {
  const construct = async (ofType: string, inputs: Inputs): Promise<unknown> =>
    componentProvider().construct?.("web", ofType, inputs, {});

  for (const [inputs, message] of refused) {
    it(`refuses ${Object.keys(inputs).join(", ") || "nothing"} before anything is registered: ${message}`, async () => {
      await assert.rejects(construct(type, inputs), { message: `PinnedImage "web": ${message}` });
    });
  }

  it("names the component that there is", async () => {
    await assert.rejects(construct("pinned-images:index:PinnedContainer", { image: "nginx" }), {
      message: `there is no component pinned-images:index:PinnedContainer; there is ${type}`,
    });
  });

  it("takes an image that is an output", () => {
    const image = output("nginx:1.27");
    assert.equal(parseInputs({ image }).image, image);
  });
});
