import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allLocations } from "../../resources";
import { projectRoot } from "../support/paths";
import { statedProperties } from "./stated-properties";

const folder = join(projectRoot, "test", "fixtures", "provider-properties");

/** Every input property whose name suggests an image, as the SDK of one version has it: `token`, then `   path : type`. */
function recorded(file: string): readonly { token: string; path: string }[] {
  let token = "";
  return readFileSync(join(folder, file), "utf8")
    .split("\n")
    .flatMap((line) => {
      if (line.startsWith("#") || line === "") return [];
      const [, path, type = ""] = /^\s+(\S+) : (.*)$/.exec(line) ?? [];
      if (path === undefined) {
        token = line.trim();
        return [];
      }
      return [{ token, path: type.includes("string[]") ? `${path}[]` : path }];
    });
}

const files = readdirSync(folder).filter((file) => /-\d+\.\d+\.\d+\.txt$/.test(file));
const candidates = files.flatMap(recorded);
const known = new Set(
  [...candidates, ...recorded("additional.txt")].map(({ token, path }) => `${token} ${path}`),
);
const providers = new Set(candidates.map(({ token }) => token.slice(0, token.indexOf(":"))));

const stated = allLocations.flatMap((row) =>
  row.tokens.flatMap((token) => statedProperties(row).map((path) => `${token} ${path}`)),
);

/** Candidates that somebody has looked at and left out: `token property`, with stars. */
const dismissed = readFileSync(join(folder, "dismissed.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({
    line,
    // A property of texts counts with or without the brackets of its elements.
    pattern: new RegExp(
      `^${line
        .split("*")
        .map((part) => part.replace(/[.[\]{}+?^$|()\\]/g, "\\$&"))
        .join(".*")}(?:\\[\\])?$`,
    ),
  }));

describe("the tables of locations, beside the recorded properties of the providers' SDKs", () => {
  it("name only properties that the SDKs have", () => {
    const wrong = stated.filter(
      (text) => providers.has(text.slice(0, text.indexOf(":"))) && !known.has(text),
    );
    assert.deepEqual(wrong, []);
  });

  it("name every candidate, or somebody has said why not", () => {
    const places = new Set(stated);
    const open = candidates
      .map(({ token, path }) => `${token} ${path}`)
      .filter((text) => !places.has(text) && !dismissed.some(({ pattern }) => pattern.test(text)));
    assert.deepEqual(open, []);
  });

  it("dismiss nothing that is named, and nothing that is no candidate", () => {
    const texts = candidates.map(({ token, path }) => `${token} ${path}`);
    const idle = dismissed.filter(({ pattern }) => !texts.some((text) => pattern.test(text)));
    assert.deepEqual(
      idle.map(({ line }) => line),
      [],
    );
    const both = stated.filter(
      (text) => texts.includes(text) && dismissed.some(({ pattern }) => pattern.test(text)),
    );
    assert.deepEqual(both, []);
  });
});
