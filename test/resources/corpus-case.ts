import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { parseDigest } from "../../images";
import type { FoundImage, PinnedImage } from "../../resources";
import { projectRoot } from "../support/paths";

const schema = v.strictObject({
  /** What the resource is, as somebody would say it. */
  about: v.string(),
  token: v.string(),
  properties: v.record(v.string(), v.unknown()),
  /** What is found, one line each: path, state, what was read or what is wrong, and what is special about its place. */
  found: v.array(v.string()),
  /** What pinning writes where; `<digest>` stands for the digest. */
  pinned: v.array(v.string()),
});

export interface CorpusCase extends v.InferOutput<typeof schema> {
  readonly provider: string;
  readonly name: string;
}

const folder = join(projectRoot, "test", "resources", "corpus");

/** Every file of the corpus, by provider and name. */
export const corpus: readonly CorpusCase[] = readdirSync(folder).flatMap((provider) =>
  readdirSync(join(folder, provider)).map((file) => ({
    provider,
    name: file.replace(/\.json$/, ""),
    ...v.parse(schema, JSON.parse(readFileSync(join(folder, provider, file), "utf8"))),
  })),
);

/** The digest that the corpus pins to. */
export const corpusDigest = parseDigest(`sha256:${"0123456789abcdef".repeat(4)}`);

/** A finding as the corpus writes it. */
export function foundLine({ path, form, state, advice, place }: FoundImage): string {
  const detail =
    state.kind === "unreadable"
      ? state.problem
      : state.kind === "unknown"
        ? ""
        : state.kind === "malformed"
          ? `${JSON.stringify(state.text)} (${state.error.code})`
          : JSON.stringify(state.text);
  const marks = [
    ...(advice === true ? ["advice"] : []),
    ...(form === "digest" ? ["without a tag"] : []),
    ...(place?.as === "fixed" ? [`fixed: ${place.reason}`] : []),
    ...(place?.as === "digest" ? [`digest in ${place.path}`] : []),
    ...(place?.as === "reference" ? [`in ${place.prefix ?? ""}${place.path}`] : []),
  ];
  return [path, state.kind, detail, ...(marks.length === 0 ? [] : [`[${marks.join("; ")}]`])]
    .filter((part) => part !== "")
    .join(" ");
}

/** A pinned image as the corpus writes it. */
export function pinnedLine({ placed }: PinnedImage): string {
  const hex = corpusDigest.slice("sha256:".length);
  const value = placed.value.replace(corpusDigest, "<digest>").replace(hex, "<hex>");
  const instead = placed.insteadOf === undefined ? "" : ` instead of ${placed.insteadOf}`;
  return `${placed.path} = ${value}${instead}`;
}
