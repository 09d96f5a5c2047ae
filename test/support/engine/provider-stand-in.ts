/**
 * A stand-in for a provider plugin (pulumi-resource-kubernetes and the like): the real gRPC protocol, no cloud behind
 * it. What a program asks for is what it gets; nothing is added. Arguments: package, version, then the engine's own.
 */
import { main } from "@pulumi/pulumi/provider";
import type { Provider } from "@pulumi/pulumi/provider";
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import { constructRendered, decodeYaml } from "./rendered-manifests";

/** Properties whose change has the real provider replace the resource, for the types that tests ask about. */
const replacedBy: Readonly<Record<string, readonly string[]>> = {
  "docker:index/container:Container": ["image"],
  "docker:index/remoteImage:RemoteImage": ["name"],
};

/** Unknowns and secrets pass through as the wire sends them, because no value is ever looked into. */
export function providerStandIn(packageName: string, version: string): Provider {
  return {
    version,
    getSchema: () => Promise.resolve(JSON.stringify(schemaOf(packageName, version))),
    check: (_urn, _olds, news: unknown) => Promise.resolve({ inputs: news }),
    // The old state equals the old inputs, since create and update return just these.
    diff: (_id, urn, olds: unknown, news: unknown) =>
      Promise.resolve({
        changes: !isDeepStrictEqual(olds, news),
        replaces: replacesOf(urn, olds, news),
      }),
    create: (_urn, inputs: unknown) => Promise.resolve({ id: randomUUID(), outs: inputs }),
    update: (_id, _urn, _olds, news: unknown) => Promise.resolve({ outs: news }),
    delete: () => Promise.resolve(),
    construct: async (name, type, inputs, options) => constructRendered(name, type, inputs, options, version),
    invoke: (_token, inputs: Record<string, unknown>) =>
      Promise.resolve({ outputs: { result: decodeYaml(inputs["text"]) } }),
  };
}

/** The type is the last of those that stand before the name, joined by `$` where there are parents. */
function replacesOf(urn: string, olds: unknown, news: unknown): string[] {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return (replacedBy[type] ?? []).filter(
    (property) => !isDeepStrictEqual(propertyOf(olds, property), propertyOf(news, property)),
  );
}

function propertyOf(value: unknown, property: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, property) : undefined;
}

/** YAML programs have no SDK and are checked against the schema: it knows one resource, which takes anything. */
function schemaOf(name: string, version: string): object {
  const anything = { $ref: "pulumi.json#/Any" };
  const deployment = { inputProperties: { metadata: anything, spec: anything } };
  const resources = name === "kubernetes" ? { "kubernetes:apps/v1:Deployment": deployment } : {};
  return {
    name,
    version,
    provider: { inputProperties: { renderYamlToDirectory: { type: "string" } } },
    resources,
  };
}

if (require.main === module) {
  const [packageName = "unnamed", version = "0.0.0", ...engineArguments] = process.argv.slice(2);
  void main(providerStandIn(packageName, version), engineArguments);
}
