import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { allPolicies } from "../policies/pack";
import { readmePath, renderReadme } from "../tools/readme";
import { projectRoot } from "./support/paths";

describe("README.md", function () {
  this.timeout(120_000);

  // The previews in it run through the real engine; registry and provider plugins are stand-ins.
  it("shows what the code really prints (npm run readme writes it)", async () => {
    const text = await readFile(readmePath, "utf8");
    assert.equal(await renderReadme(text), text);
  });

  it("links to nothing that is not there", async () => {
    const text = await readFile(readmePath, "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? "");
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !existsSync(join(projectRoot, link))),
      [],
    );
  });
});

describe("examples", () => {
  const folder = join(projectRoot, "examples");
  for (const name of readdirSync(folder)) {
    it(`has a README of some ten lines for ${name}, whose links lead somewhere`, async () => {
      const text = await readFile(join(folder, name, "README.md"), "utf8");
      assert.ok(text.startsWith(`# ${name}\n`));
      assert.ok(text.split("\n").length <= 16, text);
      const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link ?? "");
      assert.ok(links.length > 0);
      assert.deepEqual(
        links.filter((link) => !existsSync(join(folder, name, link))),
        [],
      );
    });
  }
});

describe("docs/policies", () => {
  for (const { name } of allPolicies) {
    it(`has a page for ${name}`, () => {
      assert.ok(existsSync(join(projectRoot, "docs", "policies", `${name}.md`)));
    });
  }
});
