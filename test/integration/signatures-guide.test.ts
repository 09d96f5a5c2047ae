// docs/guides/signatures.md as it is written: the real cosign, a real registry, the real engine (its provider is a stand-in), and every
// command that the guide shows, with its output.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as kubernetes from "@pulumi/kubernetes";
import { parsePublicKey } from "../../signatures";
import { ensureTool } from "../../tools";
import { createWorkplace, type Workplace } from "../support/command-line";
import { startDistribution, type DistributionRegistry } from "../support/distribution";
import { createTestStack, type TestStack } from "../support/engine";
import { projectRoot } from "../support/paths";

const execute = promisify(execFile);
const host = "registry.acme.io";
const pem = String.raw`-----BEGIN PUBLIC KEY-----\nMFkw…\n-----END PUBLIC KEY-----\n`;

/** A file that the guide has the reader write, or what is seen at the prompt. */
type Part =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "terminal"; readonly text: string };

function partsOf(guide: string): readonly Part[] {
  return [...guide.matchAll(/<!-- file: (\S+) -->\n\n```json\n([^]*?)```|```text\n([^]*?)```/g)].map(
    ([, name, text = "", terminal = ""]) =>
      name === undefined ? { kind: "terminal", text: terminal } : { kind: "file", name, text },
  );
}

describe("docs/guides/signatures.md", function () {
  // The first run builds cosign.
  this.timeout(600_000);
  let registry: DistributionRegistry;
  let place: Workplace;
  let stack: TestStack;
  let cosign: string;
  let digest: string;
  let code: number | null = 0;

  before(async () => {
    cosign = await ensureTool("cosign");
    registry = await startDistribution();
    place = await createWorkplace();
    digest = await registry.push.image("acme/api", "2.3");
    stack = await createTestStack({ program: deployLocked, packs: [projectRoot] });
  });
  after(async () => {
    await stack.dispose();
    await registry.close();
    await place.remove();
  });

  /** A program that deploys what its lock has. */
  async function deployLocked(): Promise<void> {
    const [locked] = (await place.lock()).images;
    assert.ok(locked !== undefined);
    const [name, entry] = locked;
    const image = `${name}@${entry.digest}`;
    new kubernetes.core.v1.Pod("api", { spec: { containers: [{ name: "api", image }] } });
  }

  /** What the engine prints of image-signed; advice of other policies is not what the guide is about. */
  async function preview(): Promise<string> {
    await copyFile(place.path("images.lock.json"), join(stack.workDir, "images.lock.json"));
    const { exitCode, stdout } = await stack.preview({ packConfig: place.path("pinned-images.json") });
    code = exitCode;
    const found = /^ *- \[mandatory\][^\n]* image-signed .*\n(?: {10}.*\n)*/m.exec(stdout);
    return found?.[0] ?? "";
  }

  async function play(command: string): Promise<string> {
    const [program, ...args] = [...command.matchAll(/"([^"]*)"|\S+/g)].map(
      ([word, quoted]) => quoted ?? word,
    );
    switch (program) {
      case "cosign": {
        // Nothing but this machine: no log, no trusted root to fetch.
        const nowhere = { HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1" };
        const env = {
          HOME: place.folder,
          DOCKER_CONFIG: registry.dockerConfig,
          COSIGN_PASSWORD: "",
          ...nowhere,
        };
        await execute(cosign, args, { cwd: place.folder, env, timeout: 60_000 });
        return "";
      }
      case "pulumi":
        return preview();
      case "docker":
        await registry.push.image("acme/api", "2.3", "linux/amd64", "another");
        return "";
      case "echo":
        return `${code ?? ""}\n`;
      default: {
        assert.equal(program, "pinned-images");
        const outcome = await place.run(args);
        code = outcome.code;
        return outcome.stdout + outcome.stderr;
      }
    }
  }

  /** As the guide writes what differs from run to run. */
  async function abbreviated(text: string): Promise<string> {
    let shown = text
      .replaceAll(registry.host, host)
      .replaceAll(/sha256:[0-9a-f]{12}(?:…|[0-9a-f]{52})/g, "sha256:…");
    for (const [file, name] of [
      ["cosign.pub", "SHA256:4fT…"],
      ["new.pub", "SHA256:9xQ…"],
    ] as const) {
      const key = await place.read(file).catch(() => undefined);
      if (key !== undefined) shown = shown.replaceAll(parsePublicKey(key).fingerprint, name);
    }
    return shown;
  }

  it("goes as it is written", async () => {
    const guide = await readFile(join(projectRoot, "docs", "guides", "signatures.md"), "utf8");
    const parts = partsOf(guide);
    assert.deepEqual(
      parts.map(({ kind }) => kind),
      ["terminal", "file", "terminal", "terminal", "terminal", "file", "terminal", "terminal"],
    );
    for (const part of parts) {
      if (part.kind === "file") {
        const key = JSON.stringify(await place.read("cosign.pub")).slice(1, -1);
        await place.write(part.name, part.text.replaceAll(host, registry.host).replaceAll(pem, key));
        continue;
      }
      const transcript: string[] = [];
      for (const [, command = ""] of part.text.matchAll(/^\$ (.*)$/gm)) {
        const printed = await play(command.replaceAll(host, registry.host).replaceAll("sha256:…", digest));
        transcript.push(`$ ${command}\n${await abbreviated(printed)}`);
      }
      assert.equal(transcript.join(""), part.text);
    }
  });
});
