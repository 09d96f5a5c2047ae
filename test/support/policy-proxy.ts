import * as policy from "@pulumi/policy";

/**
 * Properties behind the proxy that the policy SDK hands to policies. Its published declarations lack the types of this
 * export (TS2305 without skipLibCheck), so it is looked up by name.
 */
export function behindPolicyProxy(properties: object): object {
  const proxy: unknown = Reflect.get(policy, "unknownCheckingProxy");
  if (typeof proxy !== "function") throw new TypeError("@pulumi/policy has no unknownCheckingProxy");
  const proxied: unknown = Reflect.apply(proxy, undefined, [properties]);
  if (typeof proxied !== "object" || proxied === null) throw new TypeError("the proxy is no object");
  return proxied;
}
