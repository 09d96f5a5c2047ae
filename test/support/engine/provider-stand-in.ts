/**
 * A stand-in for a provider plugin (pulumi-resource-kubernetes and the like): the real gRPC protocol, no cloud behind
 * it. What a program asks for is what it gets, and what only a provider can know beside it where tests need it. Arguments: package, version, then the engine's own.
 */
import { main } from "@pulumi/pulumi/provider";
import type { Provider } from "@pulumi/pulumi/provider";
import { createHash, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

import { constructRendered, invokeRendered } from "./rendered-manifests";

/** Properties whose change has the real provider replace the resource, for the types that tests ask about. */
const replacedBy: Readonly<Record<string, readonly string[]>> = {
  "docker:index/container:Container": ["image"],
  "docker:index/remoteImage:RemoteImage": ["name"],
};

/** What a resource has beside its inputs once it is there. */
function withComputed(urn: string, inputs: unknown): unknown {
  if (typeof inputs !== "object") return inputs;
  const [type, name] = [typeOf(urn), urn.split("::").at(-1) ?? ""];
  if (type === "docker-build:index:Image") {
    const digest = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
    return { ...inputs, ref: `registry.example/built:1@sha256:${digest}` };
  }
  if (type.startsWith("aws:")) return { ...inputs, arn: `arn:aws:stand-in:::${name}` };
  if (/^docker:index\/(?:network|volume):/.test(type)) return { name, ...inputs };
  return inputs;
}

/** Unknowns and secrets pass through as the wire sends them, because no value is ever looked into. */
export function providerStandIn(packageName: string, version: string): Provider {
  return {
    version,
    getSchema: () => Promise.resolve(JSON.stringify(schemaOf(packageName, version))),
    check: (_urn, _olds, news: unknown) => Promise.resolve({ inputs: news }),
    // The old state is what create and update made of the old inputs.
    diff: (_id, urn, olds: unknown, news: unknown) =>
      Promise.resolve({
        changes: !isDeepStrictEqual(olds, withComputed(urn, news)),
        replaces: replacesOf(urn, olds, news),
        // The real one says so of what has a name of its own, which two cannot have at a time.
        deleteBeforeReplace:
          typeOf(urn) === "docker:index/container:Container" && propertyOf(news, "name") !== undefined,
      }),
    create: (urn, inputs: unknown) => Promise.resolve({ id: randomUUID(), outs: withComputed(urn, inputs) }),
    update: (_id, urn, _olds, news: unknown) => Promise.resolve({ outs: withComputed(urn, news) }),
    delete: () => Promise.resolve(),
    construct: async (name, type, inputs, options) => constructRendered(name, type, inputs, options, version),
    invoke: async (token, inputs: Record<string, unknown>) => ({
      outputs: { result: await invokeRendered(token, inputs) },
    }),
  };
}

function replacesOf(urn: string, olds: unknown, news: unknown): string[] {
  return (replacedBy[typeOf(urn)] ?? []).filter(
    (property) => !isDeepStrictEqual(propertyOf(olds, property), propertyOf(news, property)),
  );
}

/** The last of those that stand before the name, joined by `$` where there are parents. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
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
