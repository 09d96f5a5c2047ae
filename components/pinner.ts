import * as pulumi from "@pulumi/pulumi";
import { isAbsolute } from "node:path";
import { parsePlatform, type Platform } from "../images";
import {
  parseStrategy,
  pinnerOfStack,
  previewMemory,
  type Pinner,
  type PreviewedStack,
  type StackPinning,
  type Strategy,
} from "../pinning";
import type { RegistryClient } from "../registry/types";
import { programKey } from "./program-context";

/** How images are pinned; the same in every component. What is left out comes from the stack's configuration. */
export interface PinningOptions {
  /** The registry client to ask; one for the whole program when left out. */
  readonly registry?: RegistryClient;
  /** The lock to ask; `pinned-images:lock`, `PINNED_IMAGES_LOCK`, or the `images.lock.json` around the program when left out. */
  readonly lock?: string;
  /** Where digests come from; `pinned-images:strategy`, `PINNED_IMAGES_STRATEGY`, or by the stack's name when left out. */
  readonly strategy?: Strategy;
  /**
   * The platform whose image is pinned, `linux/arm64`, where the digest of one is wanted instead of the index's;
   * `pinned-images:platform` when left out.
   */
  readonly platform?: string;
}

/** Whom to ask, and for what. */
export interface Pinning {
  readonly pinner: Pinner;
  readonly platform?: Platform;
}

/**
 * The pinners of a client, or else of a program: whoever deploys for days in one process wants to know where a tag points now.
 * Components that say the same share one, so that each reference is asked for once.
 */
const pinners = new WeakMap<object, Map<string, Pinner>>();

/**
 * What these options come to in the stack that runs.
 *
 * @throws LockError when a lock is named that is not there; TypeError when a strategy or a platform is none.
 */
export function pinningOf(options: PinningOptions = {}): Pinning {
  const config = new pulumi.Config("pinned-images");
  const platform =
    platformFrom(options.platform, "the option platform") ??
    platformFrom(config.get("platform"), "pinned-images:platform in the stack's configuration");
  const pinner = pinnerOf(options, { lock: config.get("lock"), strategy: config.get("strategy") });
  return { pinner, ...(platform === undefined ? {} : { platform }) };
}

function platformFrom(text: string | undefined, where: string): Platform | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return parsePlatform(text);
  } catch (error) {
    throw new TypeError(`${where}: ${error instanceof Error ? error.message : "no platform"}`, {
      cause: error,
    });
  }
}

function pinnerOf(options: PinningOptions, configured: NonNullable<StackPinning["configured"]>): Pinner {
  const registry = options.registry ?? substitute;
  const strategy = strategyFrom(options.strategy);
  const stack = pulumi.getStack();
  const folder = programFolder();
  // Whoever took the registries' place for a test answers for the lock and for what previews have shown, too.
  const isTest = options.registry === undefined && substitute !== undefined;
  const previewed = isTest ? undefined : previewedStack(folder);
  const given = isTest
    ? ({ strategy: "registry", environment: {} } as const)
    : { configured, lock: options.lock, strategy };
  // Several programs may run in one process (the Automation API), so that the stack is part of the name.
  const key = JSON.stringify([stack, folder, previewed, given]);
  const owner = registry ?? programKey();
  const shared = pinners.get(owner) ?? new Map<string, Pinner>();
  pinners.set(owner, shared);
  let pinner = shared.get(key);
  if (pinner === undefined) {
    pinner = pinnerOfStack({
      ...{ stack, folder, ...given },
      ...(registry === undefined ? {} : { registry }),
      ...(previewed === undefined ? {} : { previewed: previewMemory(previewed) }),
    });
    shared.set(key, pinner);
  }
  return pinner;
}

/** Programs in JavaScript have no compiler that would have refused a strategy that is none. */
function strategyFrom(option: Strategy | undefined): Strategy | undefined {
  return option === undefined ? undefined : parseStrategy(option, "the option strategy");
}

let substitute: RegistryClient | undefined;

/** Takes the place of the registries wherever no client is named, for unit tests; undefined brings them back. */
export function substituteRegistry(registry: RegistryClient | undefined): void {
  substitute = registry;
}

/** The folder of Pulumi.yaml. Programs without one (the Automation API's inline ones) run where their process does. */
function programFolder(): string {
  const root = pulumi.runtime.getRootDirectory();
  // For inline programs the SDK says "rootDirectory", and nothing at all in unit tests.
  return isAbsolute(root) ? root : process.cwd();
}

/** The stack whose previews are remembered; undefined where there is none, as in a unit test with mocks. */
function previewedStack(folder: string): PreviewedStack | undefined {
  let organization: string;
  try {
    organization = pulumi.getOrganization();
  } catch {
    return undefined; // The SDK throws where it has been told of none; an engine always tells.
  }
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  return { organization, project, stack, folder, preview: pulumi.runtime.isDryRun() };
}
