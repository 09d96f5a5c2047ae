import assert from "node:assert/strict";
import { join } from "node:path";
import { allLocations } from "../../resources";
import { projectRoot } from "../support/paths";
import { sdkTypes } from "../support/sdk-types";
import { statedProperties } from "./stated-properties";

/** A resource class of an SDK: the file that declares it, and its arguments. */
interface ResourceClass {
  readonly module: string;
  readonly args: string;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** SDKs that are installed here, and how a token leads to a class in them. */
const sdks: readonly {
  readonly name: string;
  readonly classOf: (token: string) => ResourceClass | undefined;
  /** Kinds that only older SDKs have; programs that use those still run. */
  readonly gone: ReadonlySet<string>;
}[] = [
  {
    name: "@pulumi/kubernetes",
    classOf(token) {
      const [, group, version, kind] = /^kubernetes:([\w.]+)\/(\w+):(\w+)$/.exec(token) ?? [];
      if (group === undefined || version === undefined || kind === undefined) return undefined;
      const folder = group === "helm.sh" ? "helm" : group;
      return { module: `${folder}/${version}/${lowerFirst(kind)}`, args: `${kind}Args` };
    },
    gone: new Set(["batch/v2alpha1"]),
  },
  {
    name: "@pulumi/docker",
    classOf(token) {
      const [, module, type] = /^docker:index\/(\w+):(\w+)$/.exec(token) ?? [];
      return module === undefined || type === undefined ? undefined : { module, args: `${type}Args` };
    },
    gone: new Set(),
  },
];

describe("the tables of locations, beside the SDKs that are installed", function () {
  this.timeout(120_000);

  for (const { name, classOf, gone } of sdks) {
    it(`name only properties that ${name} has`, () => {
      const stated = allLocations.flatMap((row) =>
        row.tokens.flatMap((token) => {
          const found = classOf(token);
          return found === undefined ? [] : statedProperties(row).map((path) => ({ token, path, ...found }));
        }),
      );
      assert.ok(stated.length > 0);
      const types = sdkTypes(join(projectRoot, "node_modules", name), [
        ...new Set(stated.map(({ module }) => module)),
      ]);
      const wrong = stated.filter(
        ({ module, args, path }) =>
          types.has(module, args, path) !== true && !gone.has(module.replace(/\/\w+$/, "")),
      );
      assert.deepEqual(
        wrong.map(({ token, path }) => `${token} ${path}`),
        [],
      );
    });
  }

  it("would see a property that is not there", () => {
    const types = sdkTypes(join(projectRoot, "node_modules", "@pulumi/docker"), ["service"]);
    assert.equal(types.has("service", "ServiceArgs", "taskSpec.containerSpec.image"), true);
    assert.equal(types.has("service", "ServiceArgs", "taskSpec.containerSpec.picture"), false);
    assert.equal(types.has("service", "ServiceArgs", "taskSpec[].image"), false);
    assert.equal(types.has("none", "NoneArgs", "image"), undefined);
  });
});
