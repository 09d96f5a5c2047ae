import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { FilledTag } from "./fill";
import { parseReport, type SiteOrder, type SiteReport } from "./site-messages";

/** Requests so far: those in the registry's access log, and those to its token service. */
export interface Counts {
  readonly registry: number;
  readonly tokens: number;
}

/** A registry in another process. */
export interface Site {
  readonly host: string;
  readonly tls: boolean;
  /** Variables that lead every client to the credentials and to the certificate. */
  readonly environment: Readonly<Record<string, string>>;
  readonly filled: readonly FilledTag[];
  counts(): Promise<Counts>;
  close(): Promise<void>;
}

export async function startSite(order: SiteOrder): Promise<Site> {
  const child = fork(join(__dirname, "site.js"), [JSON.stringify(order)]);
  const ended = once(child, "exit");
  const next = async (): Promise<SiteReport> => {
    const messages: readonly unknown[] = await Promise.race([
      once(child, "message"),
      ended.then(() => {
        throw new Error("The registry for the benchmark could not be started.");
      }),
    ]);
    return parseReport(messages[0]);
  };
  const ready = await next();
  if (ready.kind !== "ready") throw new Error("The registry for the benchmark did not say where it is.");
  return {
    host: ready.host,
    tls: ready.tls,
    environment: ready.environment,
    filled: ready.filled,
    counts: async () => {
      child.send("count");
      const counts = await next();
      if (counts.kind !== "counts") throw new Error("The registry for the benchmark did not count.");
      return counts;
    },
    close: async () => {
      child.disconnect();
      await ended;
    },
  };
}
