import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import type * as Undici from "undici";
import { isLoopbackHost } from "./address";
import { createDialer } from "./dialer";
import { proxiesIn, proxyFor } from "./proxies";
import { SpareConnections } from "./spare-connections";

export interface DispatcherOptions {
  /** For each origin. */
  readonly connections: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
  /** Where proxies are named. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How names become addresses. */
  readonly lookup: LookupFunction;
}

/** What sends requests over the network. */
export interface Dispatchers {
  readonly forUrl: (url: URL) => Promise<Undici.Dispatcher>;
  /** Opens connections ahead. */
  readonly prepare: (url: URL, connections: number) => void;
  readonly close: () => Promise<void>;
}

/** One set for each of several certificate contexts: what was opened with one host's must not serve another. */
export interface ContextDispatchers {
  readonly for: (context: SecureContext | undefined) => Dispatchers;
  readonly close: () => Promise<void>;
}

export function byContext(create: (context: SecureContext | undefined) => Dispatchers): ContextDispatchers {
  const all = new Map<SecureContext | undefined, Dispatchers>();
  return {
    for: (context) => {
      const dispatchers = all.get(context) ?? create(context);
      all.set(context, dispatchers);
      return dispatchers;
    },
    close: async () => {
      await Promise.all([...all.values()].map((dispatchers) => dispatchers.close()));
    },
  };
}

/** Loading it takes as long as a handshake over a distance; so it is done while the first one is under way. */
let undici: Promise<typeof Undici> | undefined;

/** Straight connections and, where the environment names proxies, such through them. */
export function createDispatchers(
  options: DispatcherOptions,
  secureContext: SecureContext | undefined,
): Dispatchers {
  const { connections, connectTimeout, environment, lookup } = options;
  const spare = new SpareConnections(createDialer({ lookup, timeout: connectTimeout, secureContext }));
  const proxies = proxiesIn(environment);
  const settings = {
    connections,
    pipelining: 1,
    connectTimeout,
    connect: spare.connect.bind(spare),
  };
  let agents:
    Promise<{ readonly direct: Undici.Dispatcher; readonly proxied: Undici.Dispatcher }> | undefined;
  const create = async (): NonNullable<typeof agents> => {
    const { Agent, EnvHttpProxyAgent } = await (undici ??= import("undici"));
    const direct = new Agent(settings);
    const { http: httpProxy, https: httpsProxy, none: noProxy } = proxies;
    if (httpProxy === "" && httpsProxy === "") return { direct, proxied: direct };
    const requestTls = secureContext === undefined ? {} : { secureContext };
    return {
      direct,
      proxied: new EnvHttpProxyAgent({ ...settings, requestTls, httpProxy, httpsProxy, noProxy }),
    };
  };

  return {
    forUrl: async (url) => {
      // A proxy cannot reach this machine's own loopback. And undici would take the proxy for http where there is none for https.
      const direct = isLoopbackHost(url.hostname) || proxyFor(url, proxies) === "";
      if (undici === undefined && direct) await spare.begin(url);
      const created = await (agents ??= create());
      return direct ? created.direct : created.proxied;
    },
    prepare: (url, count) => {
      spare.prepare(url, count);
    },
    close: async () => {
      spare.close();
      const created = await agents;
      await Promise.all([created?.direct.destroy(), created?.proxied.destroy()]);
    },
  };
}
