import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { createWorkplace } from "../support/command-line";
import { testDigest } from "../support/fake-registry-client";
import { fixture, projectRoot } from "../support/paths";

const seenSchema = v.object({ loaded: v.array(v.string()) });

function pinnedImages(...args: string[]) {
  const command = join(projectRoot, "dist", "cli", "index.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    timeout: 15_000,
  });
  return { status, stdout, stderr };
}

const cases: readonly (readonly [args: readonly string[], status: number, stdout: RegExp, stderr: RegExp])[] =
  [
    [["--help"], 0, /Usage: pinned-images/, /^$/],
    [["digest", "--help"], 0, /Examples:\n {2}\$ pinned-images digest nginx:1\.27/, /^$/],
    [["rollback", "--help"], 0, /Examples:\n {2}\$ pinned-images rollback nginx:1\.27 --reason/, /^$/],
    [["lock"], 2, /^$/, /verify \[options\] \[references\.\.\.\]/],
    [["lock", "verify", "--help"], 0, /Examples:\n {2}\$ pinned-images lock verify\n/, /^$/],
    [["verify", "--help"], 0, /Examples:\n {2}\$ pinned-images verify\n/, /^$/],
    [["frobnicate"], 2, /^$/, /unknown command 'frobnicate'/],
    [["digest"], 2, /^$/, /^error: no references: name them, or pipe them in, one a line\n$/],
    [["digest", "--platform", "arm", "nginx"], 2, /^$/, /^error: "arm" is no platform; write it like linux/],
    [["digest", "--frob", "nginx"], 2, /^$/, /unknown option '--frob'/],
    [["digest", "Nginx:1"], 2, /^$/, /^"Nginx:1" has upper case in its repository: "Nginx"\n$/],
    [
      ["digest", "nginx@sha256:abc"],
      2,
      /^$/,
      /^"nginx@sha256:abc": the digest has 3 hex characters, sha256 needs 64\n$/,
    ],
  ];

/** What only those commands load that need it. */
const heavy = [
  ...["undici", "yaml", "@pulumi/policy", "@pulumi/pulumi"],
  ...["@sigstore/bundle", "@sigstore/core", "@sigstore/tuf", "@sigstore/verify"],
];

const lightCommands: readonly (readonly string[])[] = [
  ["--version"],
  ["--help"],
  ["pin", "--help"],
  ["verify", "--help"],
  ["audit", "--history"],
  ["rollback", "nginx:1", "--offline"],
  ["promote", "--from", "images.lock.json", "--to", "images.production.lock.json"],
];

describe("pinned-images", () => {
  for (const args of lightCommands) {
    it(`${args.join(" ")} loads nothing heavy`, async () => {
      const place = await createWorkplace();
      try {
        const moment = "2026-11-21T10:00:00Z";
        const entry = {
          ...{ digest: testDigest("b"), mediaType: "application/vnd.oci.image.index.v1+json", platforms: [] },
          ...{ lockedAt: moment, verifiedAt: moment },
          history: [{ digest: testDigest("a"), lockedAt: moment, replacedAt: moment }],
        };
        const lock = { version: 1, images: { "docker.io/library/nginx:1": entry } };
        await place.write("images.lock.json", JSON.stringify(lock));
        const probe = join(projectRoot, "build", "test", "support", "package", "probe.js");
        const environment = { NODE_OPTIONS: `--require ${probe}`, PROBE_FILE: place.path("probe.json") };
        const { code, stderr } = await place.spawn(args, { environment });
        assert.deepEqual([code, stderr], [0, ""]);
        const { loaded } = v.parse(seenSchema, JSON.parse(await place.read("probe.json")));
        assert.ok(loaded.includes("commander"));
        assert.deepEqual(
          heavy.filter((name) => loaded.includes(name)),
          [],
        );
      } finally {
        await place.remove();
      }
    });
  }

  for (const [args, status, stdout, stderr] of cases) {
    it(`${args.join(" ")} ends with ${status}`, () => {
      const result = pinnedImages(...args);
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stdout, stdout);
      assert.match(result.stderr, stderr);
    });
  }

  const full = "/dev/full";
  (existsSync(full) ? it : it.skip)("says that its output cannot be written", () => {
    const command = join(projectRoot, "dist", "cli", "index.js");
    const out = openSync(full, "w");
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        [command, "check", "--offline", fixture("sources/compose")],
        {
          encoding: "utf8",
          stdio: ["ignore", out, "pipe"],
        },
      );
      assert.deepEqual([status, stderr], [3, "pinned-images: the output cannot be written (ENOSPC)\n"]);
    } finally {
      closeSync(out);
    }
  });

  it("prints the package's version", () => {
    const text = readFileSync(join(projectRoot, "package.json"), "utf8");
    assert.match(
      text,
      new RegExp(`"version": "${pinnedImages("--version").stdout.trim().replaceAll(".", "\\.")}"`),
    );
  });
});
