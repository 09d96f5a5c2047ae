import { readFile, stat } from "node:fs/promises";
import * as v from "valibot";
import { findImages, type FoundImage } from "../resources";
import { UsageError } from "./read-references";
import { hideSecrets } from "./state-secrets";

/** Far more than any state. */
const maxBytes = 256 * 1024 * 1024;

const stateSchema = v.object({
  deployment: v.nullable(
    v.object({
      resources: v.nullish(
        v.array(
          v.object({
            urn: v.string(),
            type: v.string(),
            inputs: v.nullish(v.looseObject({})),
            /** Replaced, and about to be deleted. */
            delete: v.nullish(v.boolean()),
            /** Read, and managed by somebody else. */
            external: v.nullish(v.boolean()),
          }),
        ),
      ),
    }),
  ),
});

/** An image that a stack runs. */
export interface DeployedImage {
  readonly urn: string;
  readonly type: string;
  /** The resource's own name. */
  readonly name: string;
  readonly image: FoundImage;
  /** Whether the value, or one around it, is a secret. */
  readonly secret: boolean;
}

/** What a stack runs, as `pulumi stack export` wrote it. */
export interface StackState {
  readonly stack: string;
  readonly project: string;
  readonly images: readonly DeployedImage[];
}

/**
 * Reads an exported state.
 *
 * @throws UsageError for a file that is none. No error and no result repeats a value of the state but images.
 */
export async function readStackState(path: string): Promise<StackState> {
  const parsed = v.safeParse(stateSchema, await readJson(path));
  if (!parsed.success) throw notAState(path);
  const resources = parsed.output.deployment?.resources ?? [];
  const [, stack = "unknown", project = "unknown"] =
    /^urn:pulumi:(.*?)::(.*?)::/.exec(resources[0]?.urn ?? "") ?? [];
  const images = resources
    .filter((resource) => resource.delete !== true && resource.external !== true)
    .flatMap(({ urn, type, inputs }) => {
      const { value, secrets } = hideSecrets(inputs ?? {});
      const name = urn.slice(urn.lastIndexOf("::") + 2);
      return findImages(type, value).map((image) => ({
        urn,
        type,
        name,
        image,
        secret: secrets.has(image.path),
      }));
    });
  return { stack, project, images };
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    if ((await stat(path)).size > maxBytes) throw notAState(path);
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read; make it: pulumi stack export --file ${path}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold secrets.
    throw notAState(path);
  }
}

function notAState(path: string): UsageError {
  return new UsageError(`${path} is no exported stack state; make one: pulumi stack export --file ${path}`);
}
