import { Client, credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";

import { startDistribution, testUser } from "../support/distribution";
import type { DistributionOptions, DistributionRegistry } from "../support/distribution";
import { createTestStack, previewProgram, writePack } from "../support/engine";
import type { EngineResult, WrittenPack } from "../support/engine";
import { connectionOptions } from "../support/engine/connections";

const tagged = "nginx:1.27";
const pinned = `nginx@sha256:${"a".repeat(64)}`;

/** Two small packs: one refuses tags, the other tells what the engine hands to a pack. */
const refusing = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("refusing", {
  enforcementLevel: "mandatory",
  policies: [{
    name: "no-tags",
    description: "An image has no tag.",
    validateResource: ({ props }, report) => {
      for (const { image } of props.spec?.template?.spec?.containers ?? [])
        if (!image.includes("@")) report("found a tag in " + image);
    },
  }],
});`;
const telling = `
const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("telling", {
  policies: [{
    name: "tell",
    description: "Tells.",
    enforcementLevel: "advisory",
    configSchema: { properties: { word: { type: "string" } } },
    validateResource: ({ type, stackTags, getConfig }, report) => {
      if (type !== "pulumi:pulumi:Stack") return;
      const { word } = getConfig();
      report(JSON.stringify([word, stackTags.get("environment"), process.env.PWD, process.env.SEEN_BY_PACKS, process.version]));
    },
  }],
});`;

function deployment(name: string, image: pulumi.Input<string>): void {
  const labels = { app: name };
  new kubernetes.apps.v1.Deployment(name, {
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "main", image }] } },
    },
  });
}

/** What became of each Deployment: operation, name and the image that the engine saw. */
function deployments({ resources }: EngineResult): string[] {
  return resources
    .filter(({ type }) => type === "kubernetes:apps/v1:Deployment")
    .map(
      ({ op, name, inputs }) =>
        `${op} ${name} ${/"image":"([^"]*)"/.exec(JSON.stringify(inputs))?.[1] ?? "none"}`,
    );
}

/** Calls what no server has, over a connection of its own: the code says whether there was a server at all. */
async function codeOfCall(port: number): Promise<status | undefined> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), connectionOptions);
  return new Promise((resolve) => {
    const nothing = () => Buffer.alloc(0);
    client.makeUnaryRequest(
      "/none/None",
      nothing,
      nothing,
      undefined,
      { deadline: Date.now() + 10_000 },
      (error) => {
        resolve(error?.code);
      },
    );
  });
}

async function serve(port: number): Promise<{ readonly port: number; readonly server: Server }> {
  const server = new Server();
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve({ port: bound, server });
      else reject(error);
    });
  });
}

describe("the engine harness", function () {
  this.timeout(120_000);
  let refusingPack: WrittenPack;
  let tellingPack: WrittenPack;

  before(async () => {
    refusingPack = await writePack(refusing);
    tellingPack = await writePack(telling);
  });
  after(async () => {
    await refusingPack.remove();
    await tellingPack.remove();
  });

  it("ends with exit code 1 when a resource violates a mandatory policy", async () => {
    const result = await previewProgram({
      program: () => {
        deployment("web", tagged);
      },
      packs: [refusingPack.folder],
    });
    assert.equal(result.exitCode, 1);
    assert.equal(result.ok, false);
    assert.match(result.stdout, /found a tag in nginx:1\.27/);
    assert.deepEqual(
      result.policyEvents.map(({ policyName, enforcementLevel }) => [policyName, enforcementLevel]),
      [["no-tags", "mandatory"]],
    );
  });

  it("passes a clean program through preview, update and destroy, unchanged the second time", async () => {
    const stack = await createTestStack({
      program: () => {
        deployment("web", pinned);
      },
      packs: [refusingPack.folder],
    });
    try {
      const preview = await stack.preview();
      assert.equal(preview.exitCode, 0, preview.stdout);
      assert.deepEqual(deployments(preview), [`create web ${pinned}`]);
      assert.deepEqual(deployments(await stack.up()), [`create web ${pinned}`]);
      assert.deepEqual(deployments(await stack.up()), [`same web ${pinned}`]);
      const refused = await stack.up({
        program: () => {
          deployment("web", tagged);
        },
      });
      assert.equal(refused.exitCode, 1, refused.stdout);
      const destroyed = await stack.destroy();
      assert.equal(destroyed.exitCode, 0, destroyed.stdout);
    } finally {
      await stack.dispose();
    }
  });

  it("hands configuration, tags, environment and the folder to each of two packs", async () => {
    const stack = await createTestStack({
      program: () => {
        deployment("web", pinned);
      },
      packs: [refusingPack.folder, tellingPack.folder],
      packConfig: [{}, { tell: { word: "hello" } }],
      stackTags: { environment: "production" },
      env: { SEEN_BY_PACKS: "yes" },
    });
    try {
      const { stdout, policyEvents } = await stack.preview();
      const [told] = policyEvents;
      assert.ok(told, stdout);
      const expected = JSON.stringify(["hello", "production", stack.workDir, "yes"]).slice(0, -1);
      assert.ok(told.message.includes(`${expected},"v24.`), told.message);
    } finally {
      await stack.dispose();
    }
  });

  it("takes unknowns, secrets and stack configuration", async () => {
    const seen: string[] = [];
    const result = await previewProgram({
      program: () => {
        const config = new pulumi.Config("app");
        seen.push(config.require("image"));
        const first = new kubernetes.core.v1.ConfigMap("first", {
          data: { key: config.requireSecret("token") },
        });
        deployment("web", pulumi.interpolate`nginx@${first.id}`);
      },
      config: { "app:image": tagged },
      secretConfig: { "app:token": "hidden" },
    });
    assert.equal(result.exitCode, 0, result.stdout + result.stderr);
    assert.deepEqual(seen, [tagged]);
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(deployments(result), [`create web ${unknown}`]);
    assert.ok(!JSON.stringify(result.resources).includes("hidden"));
  });

  it("keeps programs apart that run side by side in one process", async () => {
    const names = ["one", "two", "three"];
    const results = await Promise.all(
      names.map(async (name) =>
        previewProgram({
          program: async () => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            deployment(name, pinned);
          },
          projectName: `project-${name}`,
        }),
      ),
    );
    assert.deepEqual(
      results.map((result) => [result.ok, ...deployments(result)]),
      names.map((name) => [true, `create ${name} ${pinned}`]),
    );
  });

  it("fails with the program's own error", async () => {
    const result = await previewProgram({
      program: () => {
        throw new Error("no image today");
      },
    });
    assert.equal(result.ok, false);
    assert.match(result.stdout + result.stderr, /no image today/);
  });

  it("reaches an engine on the port of one that is gone", async () => {
    const first = await serve(0);
    first.server.forceShutdown();
    assert.equal(await codeOfCall(first.port), status.UNAVAILABLE);
    const second = await serve(first.port);
    try {
      assert.equal(await codeOfCall(first.port), status.UNIMPLEMENTED);
    } finally {
      second.server.forceShutdown();
    }
  });

  it("ends an engine that does not come to an end", async () => {
    const endless = previewProgram({
      program: async () => new Promise<never>(() => undefined),
      timeoutMs: 3_000,
    });
    await assert.rejects(endless, /not done after 3000 ms/);
  });
});

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const basic = `Basic ${Buffer.from(`${testUser.username}:${testUser.password}`).toString("base64")}`;

/** The digest by a HEAD, with a token where the registry asks for one. */
async function headDigest(
  registry: DistributionRegistry,
  repository: string,
  tag: string,
): Promise<string | null> {
  const url = `${registry.url}/v2/${repository}/manifests/${tag}`;
  const head = async (authorization: string) =>
    fetch(url, { method: "HEAD", headers: { accept: manifestTypes, authorization } });
  let response = await head(basic);
  const realm = /realm="([^"]*)",service="([^"]*)",scope="([^"]*)"/.exec(
    response.headers.get("www-authenticate") ?? "",
  );
  if (realm !== null) {
    const [, where = "", service = "", scope = ""] = realm;
    const answer = await fetch(`${where}?${new URLSearchParams({ service, scope }).toString()}`, {
      headers: { authorization: basic },
    });
    const token = /"token":"([^"]*)"/.exec(await answer.text())?.[1] ?? "none";
    response = await head(`Bearer ${token}`);
  }
  return response.headers.get("docker-content-digest");
}

describe("the real registry", function () {
  this.timeout(120_000);

  const cases: [string, DistributionOptions][] = [
    ["for everybody", {}],
    ["with htpasswd", { auth: { kind: "htpasswd" } }],
    ["with tokens for everybody", { auth: { kind: "token", credentials: "not required" } }],
    ["with tokens for one user", { auth: { kind: "token", credentials: "required" } }],
  ];
  for (const [name, options] of cases) {
    it(`${name} serves the index's digest to crane and to a HEAD alike`, async () => {
      const registry = await startDistribution(options);
      try {
        const { digest, children } = await registry.push.multiPlatform("team/app", "1.0", [
          "linux/amd64",
          "linux/arm64",
        ]);
        assert.deepEqual([...children.keys()], ["linux/amd64", "linux/arm64"]);
        assert.ok(![...children.values()].includes(digest));
        assert.equal(await registry.crane("digest", `${registry.host}/team/app:1.0`), digest);
        const before = await registry.requests();
        assert.equal(await headDigest(registry, "team/app", "1.0"), digest);
        const made = (await registry.requests()).slice(before.length);
        assert.deepEqual(
          made.map(({ method, path, status }) => [method, path, status]),
          [
            ...(registry.tokenRequests.length > 0 ? [["HEAD", "/v2/team/app/manifests/1.0", 401]] : []),
            ["HEAD", "/v2/team/app/manifests/1.0", 200],
          ],
        );
      } finally {
        await registry.close();
      }
    });
  }

  it("refuses whoever shows no credentials, where it wants them", async () => {
    const registry = await startDistribution({ auth: { kind: "token", credentials: "required" } });
    try {
      const { status } = await fetch(`${registry.url}/v2/team/app/manifests/1.0`);
      assert.equal(status, 401);
    } finally {
      await registry.close();
    }
  });

  it("speaks TLS, and moves a tag", async () => {
    const registry = await startDistribution({ tls: true });
    try {
      const first = await registry.push.image("app", "1");
      const second = await registry.push.image("app", "1", "linux/amd64", "two");
      assert.notEqual(first, second);
      assert.equal(await registry.crane("digest", `${registry.host}/app:1`), second);
      assert.match(registry.url, /^https:/);
    } finally {
      await registry.close();
    }
  });
});
