import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult } from "@pulumi/pulumi/provider";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { parseAllDocuments } from "yaml";

// What the kubernetes provider renders, as far as that is manifests in a file: no Helm and no kustomize is behind it.

const manifest = v.looseObject({
  apiVersion: v.string(),
  kind: v.string(),
  metadata: v.looseObject({ name: v.string() }),
});

/** A resource of any kind. */
class Rendered extends pulumi.CustomResource {}

/** Where each component has its manifests, by the input that says so. */
const sources: readonly (readonly [input: string, read: (value: string) => Promise<string>])[] = [
  ["yaml", async (text) => Promise.resolve(text)],
  ["file", async (file) => readFile(file, "utf8")],
  ["directory", async (folder) => readFile(join(folder, "manifests.yaml"), "utf8")],
  ["chart", async (folder) => readFolder(join(folder, "templates"))],
];

/** Templates, as long as nothing in them is one. */
async function readFolder(folder: string): Promise<string> {
  const files = (await readdir(folder)).sort();
  return (await Promise.all(files.map(async (file) => readFile(join(folder, file), "utf8")))).join("---\n");
}

/** What the SDK's older components (yaml/v1, kustomize/v1, helm/v3) have the provider render, and register themselves. */
export async function invokeRendered(token: string, inputs: Record<string, unknown>): Promise<object[]> {
  switch (token) {
    case "kubernetes:helm:template": {
      const { path } = v.parse(
        v.pipe(v.string(), v.parseJson(), v.object({ path: v.string() })),
        inputs["jsonOpts"],
      );
      return render({ chart: path });
    }
    case "kubernetes:kustomize:directory":
      return render(inputs);
    default:
      return render({ yaml: inputs["text"] });
  }
}

/** The components that the provider renders itself: yaml/v2, kustomize/v2, helm/v4. Registers what is rendered as children. */
export async function constructRendered(
  name: string,
  type: string,
  inputs: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
  version: string,
): Promise<ConstructResult> {
  const component = new pulumi.ComponentResource(type, name, {}, options);
  for (const object of await render(inputs)) {
    const { apiVersion, kind, metadata } = v.parse(manifest, object);
    const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    new Rendered(
      `kubernetes:${group}:${kind}`,
      `${name}:${metadata.name}`,
      { ...object },
      { parent: component, version },
    );
  }
  return { urn: component.urn, state: {} };
}

function decodeYaml(text: string): object[] {
  return parseAllDocuments(text).map((document) => v.parse(manifest, document.toJS()));
}

async function render(inputs: pulumi.Inputs): Promise<object[]> {
  for (const [input, read] of sources) {
    const value: unknown = await settled(inputs[input]);
    if (typeof value === "string") return decodeYaml(await read(value));
  }
  return [];
}

async function settled(value: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    pulumi.output([value]).apply(([known]: readonly unknown[]) => {
      resolve(known);
    });
  });
}
