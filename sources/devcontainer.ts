import type * as Jsonc from "jsonc-parser";
import { imageState } from "../images";
import { imageVariable } from "../resources";
import { inOrder, isPointed, located, type Finding } from "./located";
import { pathOf } from "./property-path";
import type { ScalarText } from "./scalar-text";
import type { SourceFormat } from "./source";
import { textFinding } from "./text-finding";
import { TextFile } from "./text-file";

const maxLength = 1_000_000;
const fix = "write the reference itself";
const unreadable = "is not readable as JSON with comments";

/**
 * Development containers (https://containers.dev/implementors/json_reference/), JSON with comments: the image, and as advice the
 * arguments of a build that are named for images, and the features, which come from registries too: a feature takes a tag or a
 * digest, never both.
 */
export const devcontainer: SourceFormat = {
  name: "devcontainer",

  claims: (path) => /(?:^|\/)\.?devcontainer\.json$/.test(path),

  read(text) {
    const file = new TextFile(text, "//");
    return inOrder(findings(text)).map((finding) => located(file, finding));
  },
};

function findings(text: string): readonly Finding[] {
  if (text.length > maxLength) {
    return [broken(`is longer than the ${maxLength} characters that are read`)];
  }
  // Loaded by the first such file.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parseTree } = require("jsonc-parser") as typeof Jsonc;
  try {
    const errors: Jsonc.ParseError[] = [];
    const root = parseTree(text.replace(/^\uFEFF/, " "), errors, { allowTrailingComma: true });
    const [error] = errors;
    if (error !== undefined) return [broken(unreadable, Math.min(error.offset, text.length))];
    const image = propertyOf(root, "image")?.children?.[1];
    const features = propertyOf(root, "features")?.children?.[1];
    const args = propertyOf(propertyOf(root, "build")?.children?.[1], "args")?.children?.[1];
    return [
      ...imageAt(text, image),
      ...(args?.children ?? []).flatMap((property) => argument(text, property)),
      ...(features?.children ?? []).flatMap((property) => feature(text, property)),
    ];
  } catch {
    // Nesting that no stack can hold.
    return [broken(unreadable)];
  }
}

function broken(problem: string, at = 0): Finding {
  const fixed = { reason: problem, fix: "correct the file, or leave it out of the search" };
  return { path: "", start: at, end: at, state: { kind: "unreadable", problem }, fixed };
}

/** Of a name that stands twice, the last counts. */
function propertyOf(node: Jsonc.Node | undefined, name: string): Jsonc.Node | undefined {
  if (node?.type !== "object") return undefined;
  return node.children?.findLast((property) => property.children?.[0]?.value === name);
}

function imageAt(text: string, image: Jsonc.Node | undefined): readonly Finding[] {
  if (image === undefined || image.type === "null") return [];
  if (image.type !== "string") {
    const problem = "is no text, where a reference is expected";
    const [start, end] = [image.offset, image.offset + image.length];
    return [
      { path: "image", start, end, state: { kind: "unreadable", problem }, fixed: { reason: problem, fix } },
    ];
  }
  const found = textFinding("image", textOf(text, image), fix);
  return found === undefined ? [] : [found];
}

/** An argument of the build whose name promises an image, and whose value looks like one. */
function argument(text: string, property: Jsonc.Node): readonly Finding[] {
  const [key, value] = property.children ?? [];
  const name = String(key?.value);
  if (value?.type !== "string" || !imageVariable.test(name)) return [];
  const found = textFinding(pathOf(["build", "args", name]), textOf(text, value), fix);
  if (found === undefined || !isPointed(found.state)) return [];
  return [{ ...found, advice: true }];
}

/** A feature is named by its key; one in a folder or at an address is none of a registry. */
function feature(text: string, property: Jsonc.Node): readonly Finding[] {
  const key = property.children?.[0];
  if (key === undefined) return [];
  const { value, span, offset } = textOf(text, key);
  if (!value.includes("/") || /^\.{0,2}\/|:\/\//.test(value)) return [];
  return [
    {
      path: pathOf(["features", value]),
      start: offset?.(0) ?? span.start,
      end: offset?.(value.length) ?? span.end,
      state: imageState(value),
      advice: true,
    },
  ];
}

function textOf(text: string, node: Jsonc.Node): ScalarText {
  const value = String(node.value);
  const [start, end] = [node.offset, node.offset + node.length];
  const isPlain = text.slice(start + 1, end - 1) === value;
  return {
    value,
    span: { start, end },
    offset: isPlain ? (index) => start + 1 + index : undefined,
    lineBreak: "\n",
    whole: (put) => ({ start, end, text: JSON.stringify(put) }),
  };
}
