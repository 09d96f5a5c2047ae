import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { parseAccessLogLine } from "./access-log";
import type { LoggedRequest } from "./access-log";

const startLimitMs = 20_000;
const stopLimitMs = 5_000;
const quietMs = 50;

export interface RegistryProcess {
  readonly port: number;
  /** The access log so far, in the order in which the registry wrote it. */
  requests(): Promise<readonly LoggedRequest[]>;
  stop(): Promise<void>;
}

/** Starts the real registry; its configuration leaves the port to the system, so that parallel tests never collide. */
export async function startRegistryProcess(executable: string, config: string): Promise<RegistryProcess> {
  const child = spawn(executable, ["serve", config], {
    // Without this the registry tries to send traces to a collector.
    env: { ...process.env, OTEL_TRACES_EXPORTER: "none" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "exit");

  const requests: LoggedRequest[] = [];
  createInterface(child.stdout).on("line", (line) => {
    const request = parseAccessLogLine(line);
    if (request !== undefined) requests.push(request);
  });

  const said: string[] = [];
  const stop = async () => {
    process.off("exit", kill);
    child.kill("SIGTERM");
    const timer = setTimeout(kill, stopLimitMs);
    await ended;
    clearTimeout(timer);
  };
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (what: string) => {
      reject(new Error(`The registry ${what}. It said:\n${said.slice(-10).join("\n")}`));
    };
    const timer = setTimeout(() => {
      fail(`was not listening after ${startLimitMs / 1000} s`);
    }, startLimitMs);
    createInterface(child.stderr).on("line", (line) => {
      said.push(line);
      const found = /listening on [^\s"]*:(\d+)/.exec(line)?.[1];
      if (found !== undefined) {
        clearTimeout(timer);
        resolve(Number(found));
      }
    });
    ended.then(
      () => {
        clearTimeout(timer);
        fail("ended");
      },
      () => {
        fail("could not be started");
      },
    );
  }).catch((error: unknown) => {
    process.off("exit", kill);
    kill();
    throw error;
  });
  return {
    port,
    requests: async () => {
      await settled(requests);
      return [...requests];
    },
    stop,
  };
}

/** The registry logs a request just before its client has the answer, and the line then takes its way through a pipe. */
async function settled(requests: readonly LoggedRequest[]): Promise<void> {
  for (let before = -1; before !== requests.length;) {
    before = requests.length;
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}
