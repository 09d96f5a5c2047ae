import { alicloud } from "./alicloud";
import { aws } from "./aws";
import { awsNative } from "./aws-native";
import { azure } from "./azure";
import { azureNative } from "./azure-native";
import { digitalocean } from "./digitalocean";
import { docker } from "./docker";
import { gcp } from "./gcp";
import { kubernetes, podSpec } from "./kubernetes";
import { kubernetesCustom } from "./kubernetes-custom";
import type { ImageLocation, PathStep, ResourceLocations } from "./location";
import { parsePath } from "./location";
import { buildTree, type Node, type Shapes } from "./node";
import { nomad } from "./nomad";
import { oci } from "./oci";
import { scaleway } from "./scaleway";
import { argument, environment } from "./shapes/environment";
import { helmParameter } from "./shapes/helm-parameter";
import { helmFile, helmValues } from "./shapes/helm-values";
import { installedPlugin } from "./shapes/installed-plugin";
import { kustomizePatch as patchOf } from "./shapes/json-patch";
import { kustomizeImage, kustomizeOverride } from "./shapes/kustomize-image";
import { manifestShapes } from "./shapes/manifest";
import { podTemplates } from "./shapes/pod-template";
import { pulledImage } from "./shapes/pulled-image";
import { customKind, withoutVersion } from "./token";

/** Every provider's table. A new provider is one more file and one more line here. */
export const allLocations: readonly ResourceLocations[] = [
  ...kubernetes,
  ...kubernetesCustom,
  ...docker,
  ...aws,
  ...awsNative,
  ...azure,
  ...azureNative,
  ...gcp,
  ...digitalocean,
  ...oci,
  ...scaleway,
  ...alicloud,
  ...nomad,
];

/** The shapes that a path may name in braces. */
const plainShapes: Shapes = new Map([
  ["environment", environment],
  ["argument", argument],
  ["helm-values", helmValues],
  ["helm-file", helmFile],
  ["helm-parameter", helmParameter],
  ["kustomize-image", kustomizeImage],
  ["kustomize-override", kustomizeOverride],
  ["pulled-image", pulledImage],
  ["installed-plugin", installedPlugin],
]);
const podSpecTree = buildTree({ ...podSpec, runs: [{ path: "", as: "pod" }] }, plainShapes);
const { manifest, manifestText } = manifestShapes(treeOf);
const podTemplate = podTemplates(podSpecTree, manifest);

/** A patch as Kustomize takes them, by its shape. */
export const kustomizePatch = patchOf(podTemplate);
const shapes: Shapes = new Map([
  ...plainShapes,
  ["pod-template", podTemplate],
  ["manifest-text", manifestText],
  ["kustomize-patch", kustomizePatch],
]);

const rows: ReadonlyMap<string, ResourceLocations> = new Map(
  allLocations.flatMap((row) => row.tokens.map((token) => [token, row] as const)),
);

/** A custom resource that no table names: whatever in it has the shape of a pod template. */
const anyCustomKind: ResourceLocations = { tokens: [], images: [{ path: "{pod-template}" }] };

/** A location with its path parsed. */
export interface CompiledLocation {
  readonly location: ImageLocation;
  readonly steps: readonly PathStep[];
}

interface ResourceType {
  /** What to look at, hints too; undefined for a type that holds no images. */
  readonly tree: Node | undefined;
  readonly locations: readonly CompiledLocation[];
}

const types = new Map<string, ResourceType>();

/** Everything is made from the tables once, when a type is first met: a type without images costs one lookup. */
function typeOf(token: string): ResourceType {
  let type = types.get(token);
  if (type === undefined) {
    const row = rowOf(token);
    const locations = (row?.images ?? []).map((location) => ({ location, steps: parsePath(location.path) }));
    type = { tree: row && buildTree(row, shapes), locations };
    types.set(token, type);
  }
  return type;
}

/** What to look at in resources of a type, as a tree; undefined for a type that holds no images. */
export function treeOf(token: string): Node | undefined {
  return typeOf(token).tree;
}

/** Where the images of a resource type sit, hints left out. Empty for a type that holds none. */
export function compiledLocations(token: string): readonly CompiledLocation[] {
  return typeOf(token).locations;
}

function rowOf(token: string): ResourceLocations | undefined {
  const row = rows.get(token) ?? rows.get(withoutVersion(token));
  if (row !== undefined) return row;
  const kind = customKind(token);
  if (kind === undefined) return undefined;
  const known = rows.get(kind);
  if (known === undefined) return anyCustomKind;
  return { ...known, images: [...(known.images ?? []), ...(anyCustomKind.images ?? [])] };
}
