/**
 * Runs Renovate itself with our preset over a lock whose tags have moved, against a registry on loopback, and says whether it found
 * what it should: `npm run renovate -- FOLDER`, where FOLDER is where `npm install renovate` was run. Renovate is far too large to be
 * a dependency of this project, so this is no part of the tests.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import { parseDigest } from "../images";
import { formatLock, timestamp, type LockEntry } from "../lock";
import { startDistribution } from "../test/support/distribution";
import { projectRoot } from "../test/support/paths";
import { run } from "./run";

const updatesSchema = v.object({
  msg: v.literal("packageFiles with updates"),
  config: v.object({
    regex: v.array(
      v.object({
        packageFile: v.string(),
        deps: v.array(
          v.object({
            depName: v.string(),
            currentValue: v.string(),
            updates: v.array(v.object({ updateType: v.string(), newDigest: v.optional(v.string()) })),
          }),
        ),
      }),
    ),
  }),
});

const platforms = ["linux/amd64", "linux/arm64"] as const;

async function main(folder = ""): Promise<void> {
  const command = join(folder, "node_modules", "renovate", "dist", "renovate.js");
  if (!existsSync(command))
    throw new Error(`there is no ${command}; run "npm install renovate" in a folder, and name it`);
  const registry = await startDistribution();
  const repository = await mkdtemp(join(tmpdir(), "renovate-repository-"));
  try {
    const push = async (name: string, tag: string, variant: string): Promise<string> =>
      (await registry.push.multiPlatform(name, tag, platforms, variant)).digest;
    const [app, api] = [await push("team/app", "1.27", "old"), await push("team/api", "latest", "old api")];
    const still = await push("team/still", "3", "still");
    const newApp = await push("team/app", "1.27", "new");
    const newApi = await push("team/api", "latest", "new api");
    // A later tag is no business of the lock.
    await push("team/app", "1.28", "later");

    const name = (image: string): string => `${registry.host}/team/${image}`;
    const write = async (path: string, entries: readonly (readonly [string, LockEntry])[]): Promise<void> => {
      await mkdir(dirname(join(repository, path)), { recursive: true });
      await writeFile(join(repository, path), formatLock({ images: new Map(entries) }));
    };
    await write("images.lock.json", [
      [name("app:1.27"), entryOf(app, still)],
      [name("app:1.27 linux/arm64"), entryOf(app)],
      [name("api:latest"), entryOf(api)],
      [name("still:3"), entryOf(still, app)],
    ]);
    await write("web/images.lock.json", [[name("app:1.27"), entryOf(app)]]);
    await write("images.production.lock.json", [[name("app:1.27"), entryOf(app)]]);
    await writeFile(
      join(repository, "renovate.json"),
      await readFile(join(projectRoot, "renovate", "images-lock.json")),
    );
    const git = async (...args: readonly string[]): Promise<void> => {
      await run("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
        cwd: repository,
        timeoutMs: 10_000,
      });
    };
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", ".");
    await git("commit", "--quiet", "--message=Begin");

    const { stdout } = await run(process.execPath, [command, "--platform=local", "--dry-run=lookup"], {
      cwd: repository,
      timeoutMs: 120_000,
      env: {
        PATH: process.env["PATH"],
        HOME: repository,
        LOG_LEVEL: "debug",
        LOG_FORMAT: "json",
        RENOVATE_BASE_DIR: join(repository, ".git", "renovate"),
        RENOVATE_ENABLED_MANAGERS: '["custom.regex"]',
        RENOVATE_HOST_RULES: JSON.stringify([
          { matchHost: registry.host, insecureRegistry: true, allowInternal: true },
        ]),
      },
    });
    const digests = (path: string, moved: Readonly<Record<string, string | undefined>>): readonly object[] =>
      Object.entries(moved).map(([image, digest]) => ({ path, image: name(image), digest }));
    const expected = [
      ...digests("images.lock.json", { "api:latest": newApi, "app:1.27": newApp, "still:3": undefined }),
      ...digests("web/images.lock.json", { "app:1.27": newApp }),
    ];
    const found = updatesIn(stdout);
    console.log(JSON.stringify(found, undefined, 2));
    // The minor update is among the lookup's updates still; that no branch is made of it shows in the number of branches' updates.
    const flattened = /(\d+) flattened updates found/.exec(stdout)?.[1];
    if (!isDeepStrictEqual(found, expected) || flattened !== "3") {
      throw new Error(
        `Renovate found ${flattened ?? "no"} updates; expected were\n${JSON.stringify(expected, undefined, 2)}`,
      );
    }
    console.log("Renovate found the digests that moved, and made no other update of the lock");
  } finally {
    await registry.close();
    await rm(repository, { recursive: true, force: true });
  }
}

/** The digest updates in Renovate's log. */
function updatesIn(log: string): readonly object[] {
  for (const line of log.split("\n")) {
    const parsed = line.includes('"packageFiles with updates"')
      ? v.safeParse(updatesSchema, JSON.parse(line))
      : undefined;
    if (parsed?.success !== true) continue;
    return parsed.output.config.regex
      .toSorted((a, b) => (a.packageFile < b.packageFile ? -1 : 1))
      .flatMap(({ packageFile, deps }) =>
        deps.map(({ depName, currentValue, updates }) => ({
          path: packageFile,
          image: `${depName}:${currentValue}`,
          digest: updates.find(({ updateType }) => updateType === "digest")?.newDigest,
        })),
      );
  }
  throw new Error(`Renovate named no updates:\n${log.slice(-2000)}`);
}

function entryOf(digest: string, before?: string): LockEntry {
  const [old, recent] = [timestamp(Date.UTC(2026, 8, 1)), timestamp(Date.UTC(2026, 9, 1))];
  const mediaType = "application/vnd.oci.image.index.v1+json";
  return {
    ...{ digest: parseDigest(digest), mediaType, platforms, lockedAt: recent, verifiedAt: recent },
    ...(before === undefined
      ? {}
      : { history: [{ digest: parseDigest(before), lockedAt: old, replacedAt: recent }] }),
  };
}

void main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
