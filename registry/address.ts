import { BlockList, isIP } from "node:net";

/** Networks that are not the public Internet, from IANA's special-purpose address registries (RFC 6890 and its updates). */
const special = new BlockList();
const specialIPv4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
const specialIPv6: readonly (readonly [string, number])[] = [
  // ::/96 holds the unspecified address, loopback and the old IPv4-compatible form.
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
];
for (const [network, prefix] of specialIPv4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of specialIPv6) special.addSubnet(network, prefix, "ipv6");
// An IPv4 address inside an IPv6 one (NAT64, RFC 6052) leads to the same place; BlockList itself sees through ::ffff:0:0/96.
for (const [network, prefix] of specialIPv4) special.addSubnet(`64:ff9b::${network}`, 96 + prefix, "ipv6");

/** Whether an IP address is loopback, link-local, private or otherwise no place on the public Internet. */
export function isPrivateAddress(address: string): boolean {
  const bare = stripBrackets(address);
  // A zone (fe80::1%eth0) belongs to link-local addresses alone.
  if (bare.includes("%")) return true;
  const family = isIP(bare);
  if (family === 0) return false;
  return special.check(bare, family === 4 ? "ipv4" : "ipv6");
}

/** Whether a host, without its port, is this machine by its very name: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopbackHost(host: string): boolean {
  const bare = stripBrackets(host.toLowerCase());
  if (bare === "localhost" || bare === "::1") return true;
  return isIP(bare) === 4 && bare.startsWith("127.");
}

/** Whether a host is written as an IP address, in which case no name is looked up when connecting. */
export function isAddress(host: string): boolean {
  return isIP(stripBrackets(host)) !== 0;
}

function stripBrackets(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
