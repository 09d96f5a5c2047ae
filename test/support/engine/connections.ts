import * as settings from "@pulumi/pulumi/runtime/settings";

/**
 * The options of every connection from an inline program to its engine.
 *
 * The SDK does not close the connections of an inline program that has ended (`disconnectSync` in runtime/settings.js closes
 * those of the process alone), and gRPC shares what it knows of an address among all connections with the same options. So an
 * engine whose port was another's before is taken for the one that is gone, and each call to it fails at once: `UNAVAILABLE: No
 * connection established. Last error: null`. With a pool of its own, every connection is tried:
 * https://github.com/grpc/grpc-node/tree/master/packages/grpc-js#supported-channel-options
 */
export const connectionOptions = withOwnPool(Reflect.get(settings, "grpcClientOptions"));

function withOwnPool(options: unknown): object {
  if (typeof options !== "object" || options === null)
    throw new Error("The SDK has no gRPC options any more.");
  return Object.assign(options, { "grpc.use_local_subchannel_pool": 1 });
}
