import assert from "node:assert/strict";
import { parsePath } from "../../resources";

const shorthand = (path: string): string =>
  parsePath(path)
    .map((step) =>
      step.kind === "property" ? step.name : step.kind === "reader" ? `{${step.name}}` : `<${step.kind}>`,
    )
    .join(" ");

const valid: readonly (readonly [path: string, steps: string])[] = [
  ["image", "image"],
  ["spec.containers[].image", "spec containers <each> image"],
  ["containerDefinitions{json}[].image", "containerDefinitions {json} <each> image"],
  ["items[].spec.template", "items <each> spec template"],
  ["rows[][]", "rows <each> <each>"],
  ["context.named{}.location{docker-image://}", "context named <values> location {docker-image://}"],
  [
    "linuxFxVersion{COMPOSE|}{base64}{yaml}.services{}.image",
    "linuxFxVersion {COMPOSE|} {base64} {yaml} services <values> image",
  ],
  ["metadata.gce-container-declaration{yaml}.spec", "metadata gce-container-declaration {yaml} spec"],
  ["values{helm-values}", "values {helm-values}"],
  ["{pod-template}", "{pod-template}"],
  ["", ""],
];

describe("parsePath", () => {
  for (const [path, steps] of valid) {
    it(`reads ${path}`, () => {
      assert.equal(shorthand(path), steps);
    });
  }
  for (const path of ["a..b", "a[0]", "a{YAML}", "a{x y}", "a{.}", "a b", "a.", "[}"]) {
    it(`refuses ${path}`, () => {
      assert.throws(() => parsePath(path), TypeError);
    });
  }
});
