import { join } from "node:path";
import { projectRoot } from "../../test/support/paths";
import type { KeptProgram } from "../../tools/catalogue";
import { messageOf } from "../../tools/error";
import { ensurePythonWith } from "../../tools/python";
import { ensurePeer, goPeers } from "../peers";
import type { Tree } from "./tree";

/** Somebody who looks for images without a digest. */
export interface Contestant {
  readonly name: string;
  /** The command over one tree. */
  readonly command: (tree: Tree) => readonly [string, ...string[]];
  /** How many it found, by its output. */
  readonly found: (stdout: string) => number;
  /** How many there are of what it looks for. */
  readonly expected: (tree: Tree) => number;
}

const { conftest, frizbee, kyverno } = goPeers;
const checkov: KeptProgram = { name: "checkov", version: "3.3.30" };

const peerFile = (path: string): string => join(projectRoot, "bench", "peers", path);
const matches = (pattern: RegExp) => (stdout: string) => stdout.match(pattern)?.length ?? 0;
const everywhere = ({ unpinned: { manifests, dockerfiles } }: Tree): number => manifests + dockerfiles;

export const ours: Contestant = {
  name: "pinned-images check",
  command: () => [
    process.execPath,
    join(projectRoot, "dist", "cli", "index.js"),
    "check",
    "--offline",
    "--format=json",
  ],
  found: matches(/"policy": "image-pinned-by-digest"/g),
  expected: everywhere,
};

type Progress = (text: string) => void;

/** How each peer is had, and asked the same. What it cannot look at, it is not asked. */
const peers: Readonly<Record<string, (progress: Progress) => Promise<Contestant>>> = {
  // With a policy that looks for "@sha256:".
  conftest: async (progress) => {
    const path = await ensurePeer(conftest, progress);
    return {
      name: `conftest ${conftest.version}`,
      command: () => [
        path,
        "test",
        "--no-fail",
        "--output=json",
        `--policy=${peerFile("conftest/images.rego")}`,
        ".",
      ],
      found: matches(/has no digest/g),
      expected: everywhere,
    };
  },
  // What it would rewrite it asks a registry for, so this is its list of images, each once, by regular expressions over lines;
  // from a relative path it finds nothing in folders.
  frizbee: async (progress) => {
    const path = await ensurePeer(frizbee, progress);
    return {
      name: `frizbee ${frizbee.version}, list`,
      command: ({ folder }) => [path, "image", "list", "--output=json", folder],
      found: matches(/"ref": "(?!sha256:)/g),
      expected: ({ distinct }) => distinct,
    };
  },
  // It knows resources of clusters alone, and of a folder takes what lies in it, not below: so each file is named.
  kyverno: async (progress) => {
    const path = await ensurePeer(kyverno, progress);
    return {
      name: `kyverno ${kyverno.version}, manifests alone`,
      command: ({ manifestFiles }) => [
        path,
        "apply",
        peerFile("kyverno/policy.yaml"),
        ...manifestFiles.map((file) => `--resource=${file}`),
      ],
      found: (stdout) => Number(/fail: (\d+)/.exec(stdout)?.[1] ?? NaN),
      expected: ({ unpinned }) => unpinned.manifests,
    };
  },
  // Of Dockerfiles it looks at the tag: none of its rules asks for a digest there.
  checkov: async (progress) => {
    const python = await ensurePythonWith(checkov, progress);
    const checks = "--check=CKV_K8S_43,CKV_DOCKER_7";
    const quietly = ["--compact", "--quiet", "--soft-fail", "--skip-download", "--output=json"];
    return {
      name: `checkov ${checkov.version}`,
      command: () => [
        python,
        "-m",
        "checkov.main",
        "--directory=.",
        "--framework",
        "kubernetes",
        "dockerfile",
        checks,
        ...quietly,
      ],
      found: matches(/"check_id": "CKV_K8S_43"/g),
      expected: ({ unpinned }) => unpinned.manifests,
    };
  },
};

/** The peers that can be had here, and why the others cannot. */
export async function havePeers(
  progress: Progress,
): Promise<{ readonly had: readonly Contestant[]; readonly missing: readonly string[] }> {
  const had: Contestant[] = [];
  const missing: string[] = [];
  for (const [name, have] of Object.entries(peers)) {
    try {
      had.push(await have(progress));
    } catch (error) {
      missing.push(`${name} could not be had: ${messageOf(error)}`);
    }
  }
  return { had, missing };
}
