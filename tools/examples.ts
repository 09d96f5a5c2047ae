/** The examples that come as they were and as they are, played from one to the other. */
import { readdir, readFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestStack, type EngineResult } from "../test/support/engine";
import { projectRoot } from "../test/support/paths";
import { startRegistry } from "../test/support/registry";
import { runProgram } from "./scenes";

export interface Example {
  /** The folder beneath examples/. */
  readonly name: string;
  /** How it is pinned. */
  readonly way: "one line" | "drop-in" | "function";
  /** The images that its programs name, each with its registry. */
  readonly images: readonly string[];
  readonly secretConfig?: Readonly<Record<string, string>>;
}

export const examples: readonly Example[] = [
  {
    name: "kubernetes-web",
    way: "one line",
    images: [
      "docker.io/library/postgres:16-alpine",
      "docker.io/library/redis:7-alpine",
      "docker.io/nginxinc/nginx-unprivileged:1.27-alpine",
      "ghcr.io/acme/shop-migrate:2.3",
      "ghcr.io/acme/shop:2.3",
    ],
  },
  {
    name: "docker-stack",
    way: "drop-in",
    images: [
      "docker.io/grafana/grafana:10.2.2",
      "docker.io/library/postgres:16-alpine",
      "docker.io/library/redis:7-alpine",
      "docker.io/library/traefik:v3.6.4",
      "docker.io/n8nio/n8n:1.64.2",
      "docker.io/prom/prometheus:v2.48.0",
      "ghcr.io/tecnativa/docker-socket-proxy:0.2.7",
    ],
    secretConfig: { databasePassword: "only for tests" },
  },
  {
    name: "ecs-service",
    way: "function",
    images: ["docker.io/envoyproxy/envoy:v1.31.2", "ghcr.io/acme/api:2.3"],
  },
  {
    name: "lambda-function",
    way: "function",
    images: ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/resize:1.4"],
  },
];

/** What came of an example. */
export interface PlayedExample {
  /** The preview of what it was. */
  readonly before: EngineResult;
  /** The preview of what it is. */
  readonly after: EngineResult;
  /** What that preview asked the registries for: `HEAD ghcr.io/acme/api:2.3`. */
  readonly asked: readonly string[];
  /** The update, and the preview after it. */
  readonly update: EngineResult;
  readonly again: EngineResult;
}

/**
 * Plays an example through the real engine, with the pack attached. The registries are one in this process, by way of a
 * registries.conf; provider plugins and the SDK of AWS are stand-ins.
 */
export async function playExample({ name, images, secretConfig = {} }: Example): Promise<PlayedExample> {
  const registry = await startRegistry();
  const folder = await mkdtemp(join(tmpdir(), "pinned-images-example-"));
  const registriesConf = join(folder, "registries.conf");
  const program = (file: string) => () => {
    // The program runs in this process, and the packs in others.
    process.env["CONTAINERS_REGISTRIES_CONF"] = registriesConf;
    return runProgram(join(projectRoot, "build", "examples", name, `${file}.js`));
  };
  try {
    await writeFile(registriesConf, redirections(images, registry.host));
    for (const image of images) {
      const [repository = "", tag = ""] = image.split(/:(?=[^:]*$)/);
      registry.push(repository, tag, { platforms: ["linux/amd64", "linux/arm64"], seed: repository });
    }
    const stack = await createTestStack({
      projectName: name,
      stackName: "dev",
      packs: [projectRoot],
      secretConfig,
      env: { CONTAINERS_REGISTRIES_CONF: registriesConf },
      files: await chartOf(name),
      program: program("before"),
    });
    try {
      const before = await stack.preview();
      registry.clearLog();
      const now = { program: program("after") };
      const after = await stack.preview(now);
      const asked = registry.log.map(({ method, path }) => `${method} ${imageOf(path)}`).sort();
      return { before, after, asked, update: await stack.up(now), again: await stack.preview(now) };
    } finally {
      await stack.dispose();
    }
  } finally {
    delete process.env["CONTAINERS_REGISTRIES_CONF"];
    await rm(folder, { recursive: true });
    await registry.close();
  }
}

/** Sends each registry's images to one host, beneath the registry's own name. */
function redirections(images: readonly string[], host: string): string {
  const registries = new Set(images.map((image) => image.split("/", 1)[0]));
  return [...registries]
    .map((from) => `[[registry]]\nprefix = "${from}"\nlocation = "${host}/${from}"\ninsecure = true\n`)
    .join("\n");
}

/** `ghcr.io/acme/api:2.3` for the path of its manifest; any other path as it is. */
function imageOf(path: string): string {
  const [, repository, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path) ?? [];
  return repository === undefined || tag === undefined ? path : `${repository}:${tag}`;
}

/** The files of the example's chart, where it has one: the provider reads them where `pulumi` runs. */
async function chartOf(name: string): Promise<Record<string, string>> {
  const example = join(projectRoot, "examples", name);
  const paths = (await readdir(example, { recursive: true })).filter((path) =>
    /^chart\/.*\.yaml$/.test(path),
  );
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path, await readFile(join(example, path), "utf8")] as const),
    ),
  );
}
