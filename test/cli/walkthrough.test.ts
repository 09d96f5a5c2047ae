// The procedures of five teams' guides as commands, over files like theirs: docs/guides/walkthrough.md is what this prints.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createWorkplace, type Workplace } from "../support/command-line";
import { projectRoot } from "../support/paths";
import { startRegistry, type Registry } from "../support/registry";

const images = [
  ["library/postgres", "16-alpine"],
  ["library/redis", "7-alpine"],
  ["prom/prometheus", "v2.48.0"],
  ["github/github-mcp-server", "v1.0.0"],
  ["library/python", "3.11-slim"],
  ["library/node", "20-alpine"],
  ["library/nginx", "1.25-alpine"],
  ["kenchrcum/ansible-runner", "13"],
  ["kenchrcum/ansible-playbook-operator", "0.1.1"],
  ["aquasec/trivy", "0.48.3"],
] as const;

/** As they stand in the guides, from a registry of one's own. */
const files = (host: string): Readonly<Record<string, string>> => ({
  "docker-compose.prod.yml": `services:
  postgres:
    image: ${host}/library/postgres:16-alpine
  backend:
    build: ./backend
  github_mcp:
    image: "${host}/github/github-mcp-server:v1.0.0"
`,
  "docker/docker-compose.yml": `services:
  database:
    image: ${host}/library/postgres:16-alpine   # the same as in production
  redis: { image: '${host}/library/redis:7-alpine' }
  prometheus:
    image: ${host}/prom/prometheus:v2.48.0
`,
  "backend/Dockerfile": `FROM ${host}/library/node:20-alpine AS build
RUN true
FROM ${host}/library/nginx:1.25-alpine
COPY --from=build /a /b
`,
  "docker/api/Dockerfile": `FROM ${host}/library/python:3.11-slim\n`,
  "chart/values-production.yaml": `operator:
  image:
    repository: ${host}/kenchrcum/ansible-playbook-operator
    tag: "0.1.1"
    digest: ""  # Empty digest falls back to tag
    pullPolicy: IfNotPresent
executorDefaults:
  image:
    repository: ${host}/kenchrcum/ansible-runner
    tag: "13"
`,
  ".github/workflows/security.yml": `on: push
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - name: Security Scan
        uses: docker://${host}/aquasec/trivy:0.48.3
`,
});

describe("docs/guides/walkthrough.md", function () {
  this.timeout(60_000);
  let registry: Registry;
  let place: Workplace;
  const transcript: string[] = [];

  before(async () => {
    registry = await startRegistry();
    place = await createWorkplace();
    for (const [repository, tag] of images) registry.push(repository, tag, { seed: repository });
    for (const [path, text] of Object.entries(files(registry.host))) {
      await mkdir(join(place.path(path), ".."), { recursive: true });
      await place.write(path, text);
    }
  });
  after(async () => {
    await registry.close();
    await place.remove();
  });

  async function step(expected: number, ...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await place.run(words);
    const command = words.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
    assert.equal(code, expected, `${command}\n${stdout}${stderr}`);
    transcript.push(`$ pinned-images ${command}\n${stdout}${stderr}`.trimEnd());
    return stdout;
  }

  it("goes as it is written", async () => {
    const check = ["check", "--preset", "production", "--offline"];
    assert.match(await step(1, ...check), /\n11 images in 6 files: 11 errors\n$/);
    await step(0, "pin", "--in", ".", "--reason", "first release");
    assert.equal(await step(0, ...check), "11 images in 6 files: nothing found\n");

    const old = (await place.lock()).images.get(`${registry.host}/library/redis:7-alpine`)?.digest;
    registry.push("library/redis", "7-alpine", { seed: "moved" });
    await step(0, "refresh", "--in", ".", "--reason", "weekly update");
    await step(0, "rollback", `${registry.host}/library/redis:7-alpine`, "--reason", "INC-42");
    await step(0, "pin", "--in", ".");
    assert.ok((await place.read("docker/docker-compose.yml")).includes(`7-alpine@${old ?? "?"}`));
    await step(0, ...check);
    // Everything else in the files is as it was.
    for (const [path, text] of Object.entries(files(registry.host))) {
      const without = (await place.read(path))
        .replace(/@sha256:[0-9a-f]{64}/g, "")
        .replace(/"sha256:[0-9a-f]{64}"/g, '""');
      if (path.startsWith("chart/"))
        assert.ok(without.startsWith(text.split("executorDefaults")[0] ?? "?"), without);
      else assert.equal(without, text);
    }

    const guide = readFileSync(join(projectRoot, "docs", "guides", "walkthrough.md"), "utf8");
    const shown = [...guide.matchAll(/```text\n([^]*?)\n```/g)].map(([, text]) => text ?? "");
    assert.deepEqual(
      shown,
      transcript.map((text) => text.replaceAll(registry.host, "registry.acme.io")),
    );
  });
});
