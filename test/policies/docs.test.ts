import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { allPolicies } from "../../policies/all";
import { parseSettings } from "../../policies/settings";
import { formatFinding } from "../../report";
import { allLocations } from "../../resources";
import { projectRoot } from "../support/paths";
import { now } from "./support";

const docs = join(projectRoot, "docs");
const pages = readdirSync(docs, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
const policies = allPolicies.map(({ name }) => name);
const config = v.objectWithRest(
  { settings: v.optional(v.record(v.string(), v.unknown()), {}) },
  v.picklist(["mandatory", "advisory", "disabled", "remediate"]),
);

function read(...path: string[]): string {
  return readFileSync(join(projectRoot, ...path), "utf8");
}

/** What stands in a page's fences of one language. */
function fences(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\\n\`\`\``, "g"))].map(
    ([, text]) => text ?? "",
  );
}

describe("docs", () => {
  for (const page of pages) {
    it(`${page} links to nothing that is not there`, () => {
      const links = [...read("docs", page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
        ([, link]) => link ?? "",
      );
      assert.deepEqual(
        links.filter((link) => !existsSync(join(docs, dirname(page), link))),
        [],
      );
    });
  }

  for (const page of ["settings.md", ...policies.map((name) => `policies/${name}.md`)]) {
    it(`${page} shows configurations that are accepted`, () => {
      const shown = fences(read("docs", page), "json").map((text): unknown => JSON.parse(text));
      for (const one of shown) {
        // An exception on its own, or what is an editor's.
        const whole = v.is(v.object({ owner: v.string() }), one) ? { settings: { exceptions: [one] } } : one;
        if (v.is(v.looseObject({ "json.schemas": v.unknown() }), whole)) continue;
        const { settings, ...levels } = v.parse(config, whole);
        const result = parseSettings(settings, { policies, now });
        assert.deepEqual(result.ok ? result.settings.refusedExceptions : result.problems, []);
        assert.deepEqual(
          Object.keys(levels).filter((name) => !policies.includes(name)),
          [],
        );
      }
    });
  }

  it("settings.md names every setting, and shows a mistake as it is reported", () => {
    const page = read("docs", "settings.md");
    const names = Object.keys(
      v.parse(v.looseObject({ settings: v.looseObject({}) }), JSON.parse(fences(page, "json")[0] ?? ""))
        .settings,
    );
    const result = parseSettings({}, { policies, now });
    assert.ok(result.ok);
    assert.deepEqual(
      names.toSorted(),
      Object.keys(result.settings)
        .filter((name) => name !== "refusedExceptions")
        .toSorted(),
    );
    for (const name of names) assert.ok(page.includes(`| \`${name}\` |`), `there is no row for ${name}`);

    const environments = [{ name: "development", levels: { "image-pined-by-digest": "off" } }];
    const wrong = parseSettings({ environments }, { policies, now });
    const why = "a setting that is not understood would be ignored in silence";
    assert.deepEqual(
      wrong.ok ? [] : wrong.problems.map((problem) => formatFinding({ ...problem, why })),
      fences(page, "text"),
    );
  });

  it("settings.md shows the presets as they are", () => {
    const page = read("docs", "settings.md");
    const names = ["production", "staging", "development"];
    const presets = names.map((name) => v.parse(config, JSON.parse(read("presets", `${name}.json`))));
    for (const policy of Object.keys(presets[0] ?? {}).filter((name) => name !== "settings")) {
      const row = new RegExp(`\\| \`${policy}\` \\| (\\w+)[^|]*\\| (\\w+)[^|]*\\| (\\w+)[^|]*\\|\\n`).exec(
        page,
      );
      assert.deepEqual(
        row?.slice(1),
        presets.map((preset) => preset[policy]),
        policy,
      );
    }
  });

  it("policies/image-pinned-by-digest.md names every provider of the tables", () => {
    const page = read("docs", "policies", "image-pinned-by-digest.md");
    const providers = new Set(
      allLocations.flatMap(({ tokens }) => tokens.map((token) => token.split(":")[0] ?? "")),
    );
    for (const provider of providers) assert.ok(page.includes(`\`${provider}\``), provider);
  });

  it("guides/attach.md shows the example of an own pack", () => {
    const shown = fences(read("docs", "guides", "attach.md"), "ts");
    assert.deepEqual(shown, [read("examples", "own-pack", "index.ts").trim()]);
  });
});
