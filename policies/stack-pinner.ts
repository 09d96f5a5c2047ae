import * as pulumi from "@pulumi/pulumi";
import { pinnerOfStack, previewMemory, type Pinner } from "../pinning";
import type { RegistryClient } from "../registry/types";
import type { LockSettings } from "./settings";

/**
 * The pinner of the stack that the pack looks at, as its components have it: the same lock, the same strategy, the same memory of
 * the preview. The engine does not tell a pack where the program lies; the pack runs in its own folder, and `PWD` is where the
 * user ran `pulumi`, so the lock is looked for there and around it.
 *
 * @throws LockError when a lock is named that is not there; TypeError when a strategy is named that is none.
 */
export function stackPinner({ file }: LockSettings, registry: RegistryClient): Pinner {
  const folder = process.env["PWD"] ?? process.cwd();
  const config = new pulumi.Config("pinned-images");
  const [organization, project, stack] = [organizationOf(), pulumi.getProject(), pulumi.getStack()];
  return pinnerOfStack({
    registry,
    stack,
    folder,
    demandedLock: file,
    configured: { lock: config.get("lock"), strategy: config.get("strategy") },
    ...(organization === undefined
      ? {}
      : {
          previewed: previewMemory({
            organization,
            project,
            stack,
            folder: `pack in ${folder}`,
            preview: pulumi.runtime.isDryRun(),
          }),
        }),
  });
}

/** Undefined where the engine tells none, as in `pulumi policy analyze`. */
function organizationOf(): string | undefined {
  try {
    return pulumi.getOrganization();
  } catch {
    return undefined;
  }
}
