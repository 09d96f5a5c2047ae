import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { provenanceOf } from "../../signatures/provenance";

const v1 = "https://slsa.dev/provenance/v1";
const v02 = "https://slsa.dev/provenance/v0.2";
const acme = "https://github.com/acme/api";
const generator =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.0.0";

interface Said {
  readonly builder?: string;
  readonly source?: string;
  readonly ref?: string;
}

function ofV1(externalParameters: unknown, more: object = {}): object {
  return {
    buildDefinition: { buildType: "https://example.com/build", externalParameters, ...more },
    runDetails: { builder: { id: "https://example.com/builder" } },
  };
}

function ofV02(configSource: unknown, more: object = {}): object {
  return { builder: { id: "https://example.com/builder" }, invocation: { configSource }, ...more };
}

const byExample = { builder: "https://example.com/builder" };

describe("signatures/provenance", () => {
  const cases: readonly (readonly [string, string, unknown, Said])[] = [
    [
      "GitHub Actions",
      v1,
      {
        buildDefinition: {
          buildType: "https://actions.github.io/buildtypes/workflow/v1",
          externalParameters: {
            workflow: { ref: "refs/heads/main", repository: acme, path: ".github/workflows/release.yml" },
          },
          internalParameters: { github: { event_name: "push" } },
          resolvedDependencies: [
            { uri: `git+${acme}@refs/heads/main`, digest: { gitCommit: "1".repeat(40) } },
          ],
        },
        runDetails: { builder: { id: `${acme}/.github/workflows/release.yml@refs/heads/main` } },
      },
      {
        builder: `${acme}/.github/workflows/release.yml@refs/heads/main`,
        source: acme,
        ref: "refs/heads/main",
      },
    ],
    [
      "slsa-github-generator v0.2",
      v02,
      {
        builder: { id: generator },
        buildType: "https://github.com/slsa-framework/slsa-github-generator/container@v1",
        invocation: {
          configSource: {
            uri: `git+${acme}@refs/tags/v1.2.3`,
            digest: { sha1: "1".repeat(40) },
            entryPoint: ".github/workflows/release.yml",
          },
        },
        materials: [{ uri: `git+${acme}@refs/tags/v1.2.3`, digest: { sha1: "1".repeat(40) } }],
      },
      { builder: generator, source: acme, ref: "refs/tags/v1.2.3" },
    ],
    [
      "slsa-github-generator v1",
      v1,
      ofV1({ source: { uri: `git+${acme}@refs/tags/v1`, digest: { sha1: "1".repeat(40) } } }),
      { ...byExample, source: acme, ref: "refs/tags/v1" },
    ],
    [
      "slsa-github-generator v1, with a text",
      v1,
      ofV1({ source: `git+${acme}@refs/tags/v1` }),
      { ...byExample, source: acme, ref: "refs/tags/v1" },
    ],
    [
      "BuildKit v0.2",
      v02,
      {
        builder: { id: "" },
        buildType: "https://mobyproject.org/buildkit@v1",
        invocation: { configSource: { uri: `${acme}.git#refs/heads/main`, entryPoint: "Dockerfile" } },
        materials: [{ uri: "pkg:docker/alpine@3.20?platform=linux%2Famd64" }],
      },
      { builder: "", source: acme, ref: "refs/heads/main" },
    ],
    [
      "BuildKit v1",
      v1,
      ofV1({
        configSource: {
          uri: `${acme}.git#refs/heads/main`,
          digest: { sha1: "1".repeat(40) },
          path: "Dockerfile",
        },
        request: { frontend: "dockerfile.v0", args: {} },
      }),
      { ...byExample, source: acme, ref: "refs/heads/main" },
    ],
    ["BuildKit of a local folder", v1, ofV1({ configSource: { path: "Dockerfile" } }), byExample],
    [
      "a git dependency alone, which whoever writes the Dockerfile chooses (v1)",
      v1,
      ofV1(
        { configSource: { path: "Dockerfile" } },
        { resolvedDependencies: [{ uri: `git+${acme}@refs/heads/main` }] },
      ),
      byExample,
    ],
    [
      "a git dependency alone (v0.2)",
      v02,
      ofV02({ entryPoint: "Dockerfile" }, { materials: [{ uri: `git+${acme}@refs/heads/main` }] }),
      byExample,
    ],
    ["no parameters", v1, ofV1(undefined), byExample],
    ["parameters that are a text", v1, ofV1("x"), byExample],
    ["a workflow that is none", v1, ofV1({ workflow: 1, source: 2 }), byExample],
    [
      "a workflow without a ref",
      v1,
      ofV1({ workflow: { repository: acme } }),
      { ...byExample, source: acme },
    ],
    [
      "no builder (v1)",
      v1,
      { buildDefinition: { externalParameters: { source: acme } }, runDetails: {} },
      {},
    ],
    ["no builder (v0.2)", v02, { invocation: { configSource: { uri: acme } } }, {}],
    ["nothing", v1, undefined, {}],
    ["null", v02, null, {}],
    ["names of prototypes", v1, JSON.parse(`{"__proto__":{"runDetails":{"builder":{"id":"x"}}}}`), {}],
  ];
  for (const [what, predicateType, predicate, said] of cases) {
    it(`reads what is said: ${what}`, () => {
      assert.deepEqual(provenanceOf(predicateType, predicate), { predicateType, ...said });
    });
  }

  const sources: readonly (readonly [uri: string, source: string | undefined, ref?: string])[] = [
    [`git+${acme}`, acme],
    [`git+${acme}.git@refs/heads/main`, acme, "refs/heads/main"],
    [`git+${acme}@refs/heads/a@b`, acme, "refs/heads/a@b"],
    [acme, acme],
    [`${acme}.git#main:folder`, acme, "main:folder"],
    [`${acme}@refs/heads/main`, `${acme}@refs/heads/main`],
    ["git@github.com:acme/api.git#main", "git@github.com:acme/api", "main"],
    ["git+ssh://git@github.com/acme/api@refs/heads/main", "ssh://git@github.com/acme/api", "refs/heads/main"],
    [`git+https://github.com@evil.example/acme/api@main`, "https://github.com@evil.example/acme/api", "main"],
    [`${acme}/../../evil/api`, undefined],
    [`${acme}@x/../../../evil/api.git#main`, undefined],
    ["https://github.com/acme/./api", undefined],
    ["https://github.com/acme/api/..", undefined],
    ["https://github.com/acme/%2e%2e/evil", undefined],
    ["https://github.com/acme/..%2Fevil", undefined],
    ["https://github.com\\@evil.example/acme/api", undefined],
    ["git@github.com:../evil/api", undefined],
    ["https://github.com/acme/api\n", undefined],
    ["", undefined],
    ["https://github.com/acme/.github", "https://github.com/acme/.github"],
    ["https://github.com/acme/a..b", "https://github.com/acme/a..b"],
  ];
  for (const [uri, source, ref] of sources) {
    it(`takes ${JSON.stringify(source)} out of ${JSON.stringify(uri)}`, () => {
      assert.deepEqual(provenanceOf(v02, ofV02({ uri })), {
        predicateType: v02,
        ...byExample,
        ...(source === undefined ? {} : { source }),
        ...(ref === undefined ? {} : { ref }),
      });
    });
  }

  it("says nothing of a source where a workflow names one that leads elsewhere", () => {
    const said = provenanceOf(
      v1,
      ofV1({ workflow: { repository: `${acme}/../../evil/api`, ref: "refs/heads/main" } }),
    );
    assert.equal(said?.source, undefined);
  });

  for (const predicateType of [
    "https://spdx.dev/Document",
    "https://slsa.dev/provenance/v0.1",
    "",
    "__proto__",
  ]) {
    it(`is none of ${JSON.stringify(predicateType)}`, () => {
      assert.equal(provenanceOf(predicateType, ofV1({ source: acme })), undefined);
    });
  }
});
