import type { ReferenceForm } from "../images";
import {
  parsePath,
  type ImageLocation,
  type PathStep,
  type ReferenceFields,
  type ResourceLocations,
  type Runtime,
} from "./location";
import type { TextReader } from "./text/reader";
import { textReader } from "./text/readers";

/** What a walker does at a value: the locations of a resource type as a tree, so that each value is visited once. */
export interface Node {
  readonly properties?: ReadonlyMap<string, Node>;
  readonly each?: Node;
  readonly values?: Node;
  /** What a text holds, by who reads it; the first that takes the text has it. */
  readonly texts?: ReadonlyMap<TextReader, Node>;
  /** Says what to do once the value's own shape is known; undefined when nothing is to be found there. */
  readonly look?: (value: unknown) => Node | undefined;
  /** The value is a reference. */
  readonly image?: ImageLeaf;
  /** The value is an object that holds references in parts, each with its `fields`. */
  readonly parts?: readonly ImageLeaf[];
  /** The value is not to be read: half a sentence that says why. */
  readonly unread?: string;
  /** Whether all that may be found beneath is advice. */
  readonly advice?: true;
  /** Whether containers run `here`, or only further down. */
  readonly runs?: { readonly as: Runtime; readonly here: boolean };
  /** Whether the place was only searched: values that are unknown, or of another kind, are then no finding. */
  readonly quiet?: true;
}

/** A place that holds a reference. */
export interface ImageLeaf {
  readonly form: ReferenceForm;
  readonly takesLocalIds: boolean;
  readonly except?: readonly string[];
  readonly fields?: ReferenceFields;
  /** Why no digest can stand there, and what to do about it. */
  readonly fixed?: { readonly reason: string; readonly fix?: string };
}

/** The step of a path that goes into a value by its shape. */
export type Shapes = ReadonlyMap<string, (value: unknown) => Node | undefined>;

interface Draft {
  properties?: Map<string, Draft>;
  each?: Draft;
  values?: Draft;
  texts?: Map<TextReader, Draft>;
  look?: (value: unknown) => Node | undefined;
  image?: ImageLeaf;
  parts?: ImageLeaf[];
  advice?: true;
  runs?: { readonly as: Runtime; readonly here: boolean };
}

export function imageLeaf({
  form = "tag-and-digest",
  takesLocalIds,
  except,
  fields,
  fixed,
}: Omit<ImageLocation, "path">): ImageLeaf {
  return {
    form,
    takesLocalIds: takesLocalIds === true,
    ...(except === undefined ? {} : { except }),
    ...(fields === undefined ? {} : { fields }),
    ...(fixed === undefined ? {} : { fixed: { reason: fixed } }),
  };
}

/** Makes one tree of all the places of a resource type. */
export function buildTree(
  { images = [], hints = [], runs = [] }: Omit<ResourceLocations, "tokens">,
  shapes: Shapes,
): Node {
  const root: Draft = { advice: true };
  for (const location of images) {
    const way = grow(root, location.path, shapes);
    for (const draft of way) delete draft.advice;
    const leaf = way.at(-1) ?? root;
    if (location.fields !== undefined) (leaf.parts ??= []).push(imageLeaf(location));
    else if (leaf.look === undefined) leaf.image = imageLeaf(location);
  }
  for (const path of hints) {
    const leaf = grow(root, path, shapes).at(-1) ?? root;
    if (leaf.look === undefined) leaf.image = imageLeaf({});
  }
  for (const { path, as } of runs) {
    const way = grow(root, path, shapes);
    for (const draft of way) draft.runs = { as, here: draft === way.at(-1) };
  }
  return root;
}

/** What a table says of a place, together with what a search makes of the value there. */
export function union(stated: Node, found: Node): Node {
  if (stated.properties === undefined && stated.each === undefined) return found;
  const properties = new Map(stated.properties);
  for (const [name, node] of found.properties ?? []) {
    const own = properties.get(name);
    properties.set(name, own === undefined ? node : both(own, node));
  }
  const each = stated.each && found.each ? both(stated.each, found.each) : (stated.each ?? found.each);
  return {
    ...found,
    ...stated,
    ...(properties.size === 0 ? {} : { properties }),
    ...(each === undefined ? {} : { each }),
  };
}

/** The children of a search are searched in turn, unless another shape is stated there; those of a pod template are stated. */
function both(own: Node, node: Node): Node {
  return node.look === undefined ? union(own, node) : { ...own, look: own.look ?? node.look };
}

/** What lies on the way of a path, from the root on; grown where it was not there. */
function grow(root: Draft, path: string, shapes: Shapes): readonly Draft[] {
  const way = [root];
  for (const step of parsePath(path)) way.push(child(way.at(-1) ?? root, step, shapes));
  return way;
}

function child(draft: Draft, step: PathStep, shapes: Shapes): Draft {
  switch (step.kind) {
    case "property":
      return get((draft.properties ??= new Map()), step.name);
    case "each":
      return (draft.each ??= { advice: true });
    case "values":
      return (draft.values ??= { advice: true });
    case "reader": {
      const look = shapes.get(step.name);
      if (look === undefined) return get((draft.texts ??= new Map()), textReader(step.name));
      // A shape is looked for: what is not of that shape is not wrong.
      draft.look = look;
      return draft;
    }
  }
}

function get<Key>(drafts: Map<Key, Draft>, key: Key): Draft {
  let draft = drafts.get(key);
  if (draft === undefined) drafts.set(key, (draft = { advice: true }));
  return draft;
}
