import { ImageReferenceError, imageState, parseDigest } from "../../images";
import type { ReferenceFields } from "../location";
import { imageLeaf, type ImageLeaf, type Node } from "../node";
import { yaml } from "../text/yaml";
import { isUnknown, peek } from "../unknown";

/** `image`, `sidecarImage`, `busybox_image`: names under which charts take an image. */
export const imageName = /^image$|Image$|[_-]image$/;

/** `images`, `webImages`: names under which charts list several. */
const imagesName = /^images$|Images$|[_-]images$/;
/** What stands among several images and says how to get them. */
const notAnImage = /registr|repositor|tag|digest|version|policy|secret|prefix|suffix/i;

const reference: Node = { image: imageLeaf({}) };
const advice: Node = { image: imageLeaf({}), advice: true };
const values: Node = { look: helmValues, quiet: true };
const list: Node = { each: values, quiet: true };
const image: Node = { look: imageValue };
const images: Node = { each: image, quiet: true };
const several: Node = { look: imagesValue, quiet: true };
const listed: Node = { each: { look: listedValue, quiet: true }, quiet: true };
const containers: Node = { texts: new Map([[yaml, values]]) };
const tagAlone: Node = {
  unread: "has a tag and no repository: the image is named in the chart's own values, where nobody looked",
  advice: true,
};

/** Left as it is, and reported: what the chart makes of it is not known here. */
const template: Node = { image: imageLeaf({ fixed: "it is a template that the chart fills in" }) };

/** Pictures and disks, images of virtual machines at AWS and Google: other things that are called images. */
const otherImage =
  /\.(?:png|jpe?g|gif|svg|webp|ico|qcow2?|img|iso|raw|vmdk|vhdx?)$|^ami-[\da-f]{8,17}$|(?:^|\/)global\/images\//i;
/** What no runtime takes for a reference: a URL of a file, data, a path. An artifact's `oci://` is none of these. */
const noReference = /^(?:(?:https?|file|s3|gs):\/\/|data:|\.{0,2}\/)/i;

/**
 * Finds images in the values of a Helm chart, which have no schema: `image: {registry?, repository, tag, digest}` and
 * `image: "reference"` at any depth, also under names that end in `Image`, and every object of a repository with a tag or a
 * digest. The digest wins over the tag, and an empty one falls back to it. Several may stand under `images`, and containers in a text.
 */
export function helmValues(value: unknown): Node | undefined {
  return lookAt(value, false);
}

const unreadFile: Node = { unread: "is a file, whose text is not here to be read" };
const fileText: Node = { properties: new Map([["text", { texts: new Map([[yaml, values]]) }]]) };

/** A values file: an asset of text holds YAML; a file or an archive is only named here. */
export function helmFile(value: unknown): Node | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, "text") ? fileText : unreadFile;
}

/** What stands under a name that promises an image. */
function imageValue(value: unknown): Node | undefined {
  return typeof value === "string" ? textOf(value, true) : lookAt(value, true);
}

function lookAt(value: unknown, named: boolean): Node | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return named ? images : list;
  const properties = new Map<string, Node>();
  const parts: ImageLeaf[] = [];
  const whole = fieldsOf(value, named);
  if (whole !== undefined) parts.push(imageLeaf({ fields: whole }));
  else if (named) {
    const partial = withoutRepository(value);
    if (partial !== undefined) return partial;
  }
  for (const name of Object.keys(value)) {
    const inner = peek(value, name);
    if (name === whole?.name) continue;
    if (imageName.test(name)) {
      const tag = typeof inner === "string" ? tagBeside(value, name, inner) : undefined;
      if (tag !== undefined) parts.push(imageLeaf({ fields: { name, tag, tagElsewhere: true } }));
      else if (typeof inner !== "string") properties.set(name, image);
      else {
        const node = textOf(inner, name === "image");
        if (node !== undefined) properties.set(name, node);
      }
    } else if (typeof inner === "object" && inner !== null) {
      properties.set(name, imagesName.test(name) ? several : values);
    } else if (typeof inner === "string" && holdsContainers(inner)) properties.set(name, containers);
  }
  return { properties, parts, quiet: true };
}

/** Several images: a list of them, or a map, in which others may be named that say how to get them. */
function imagesValue(value: unknown): Node | undefined {
  const found = lookAt(value, false);
  if (typeof value !== "object" || value === null) return found;
  if (Array.isArray(value)) return listed;
  const properties = new Map(found?.properties);
  for (const name of Object.keys(value)) {
    const inner = peek(value, name);
    if (typeof inner === "object" && inner !== null && !imageName.test(name)) properties.set(name, several);
    else if (typeof inner === "string" && !properties.has(name) && !notAnImage.test(name) && isPointed(inner))
      properties.set(name, reference);
  }
  return { ...found, properties };
}

function listedValue(value: unknown): Node | undefined {
  return typeof value === "string" ? textOf(value, false) : lookAt(value, true);
}

/** Whether a text holds a list of containers, as charts take more of them for a pod. */
function holdsContainers(text: string): boolean {
  if (!/^\s*-\s/.test(text) || !/\bimage["']?:/.test(text)) return false;
  const decoded = yaml.decode(text, {});
  const items: unknown = "value" in decoded ? decoded.value : undefined;
  return (
    Array.isArray(items) &&
    items.some(
      (item: unknown) =>
        typeof item === "object" &&
        item !== null &&
        typeof peek(item, "name") === "string" &&
        typeof peek(item, "image") === "string",
    )
  );
}

/** A text that is an image, for certain or by its name's promise: then it must look like one to count as more than advice. */
function textOf(text: string, certain: boolean): Node | undefined {
  if (text === "") return undefined;
  if (isUnknown(text)) return reference;
  if (certain && text.includes("{{")) return template;
  if (noReference.test(text)) return undefined;
  return isPointed(text) || (certain && !otherImage.test(text)) ? reference : advice;
}

function isPointed(text: string): boolean {
  const state = imageState(text);
  return state.kind === "malformed" ? state.error.inDigest : state.kind !== "untagged";
}

/** The field of the tag, where there is one beside the image: `image: nginx` with `tag: "1.27"`, `imageTag: "1.27"` or an empty one. */
function tagBeside(object: object, name: string, text: string): string | undefined {
  if (imageState(text).kind !== "untagged") return undefined;
  const fields = [`${name}Tag`, ...(name === "image" ? ["tag"] : [])].filter((field) =>
    Object.hasOwn(object, field),
  );
  return fields.find((field) => isFilled(peek(object, field))) ?? fields[0];
}

/** How an object names an image in parts; undefined when it names none. */
function fieldsOf(object: object, named: boolean): ReferenceFields | undefined {
  const has = (field: string): boolean => Object.hasOwn(object, field);
  const isPointed = has("tag") || has("digest");
  const name = ["repository", ...(named && isPointed ? ["name", "image"] : [])].find((field) =>
    isFilled(peek(object, field)),
  );
  if (name === undefined) return undefined;
  if (!named) {
    const repository = peek(object, name);
    // A Git or a chart repository has a tag, too, and is a URL.
    if (!isPointed || typeof repository !== "string" || /:\/\/|^git@/.test(repository)) return undefined;
  }
  // Charts have a tag of their own: their application's version, in those that Helm makes.
  const fields = { name, registry: "registry", tag: "tag", tagElsewhere: true } as const;
  return has("sha") && !has("digest")
    ? { ...fields, digest: "sha", bareHex: true }
    : { ...fields, digest: "digest" };
}

/** An image whose repository is left to the chart: a digest is read, a tag alone cannot be judged. */
function withoutRepository(object: object): Node | undefined {
  const digest = peek(object, "digest");
  if (typeof digest === "string" && digest !== "" && !isUnknown(digest)) {
    try {
      parseDigest(digest);
      return {};
    } catch (error) {
      if (!(error instanceof ImageReferenceError)) throw error;
      return { unread: `has a digest that is none: ${error.message}` };
    }
  }
  return isFilled(peek(object, "tag")) ? tagAlone : undefined;
}

function isFilled(value: unknown): boolean {
  return (
    (typeof value === "string" && value !== "") ||
    (typeof value === "object" && value !== null) ||
    typeof value === "number"
  );
}
