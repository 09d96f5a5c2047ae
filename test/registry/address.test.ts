import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { isLoopbackHost, isPrivateAddress } from "../../registry/address";

const addresses: readonly [string, boolean][] = [
  ["127.0.0.1", true],
  ["127.255.0.9", true],
  ["0.0.0.0", true],
  ["10.1.2.3", true],
  ["100.64.0.1", true],
  ["169.254.169.254", true],
  ["172.16.0.1", true],
  ["172.32.0.1", false],
  ["192.168.0.1", true],
  ["8.8.8.8", false],
  ["::", true],
  ["::1", true],
  ["[::1]", true],
  ["fe80::1", true],
  ["fe80::1%eth0", true],
  ["fd00::1", true],
  ["::ffff:10.0.0.1", true],
  ["::ffff:a9fe:a9fe", true],
  ["::ffff:8.8.8.8", false],
  ["64:ff9b::a00:1", true],
  ["64:ff9b::808:808", false],
  ["2001:4860:4860::8888", false],
  ["example.com", false],
];

const hosts: readonly [string, boolean][] = [
  ["localhost", true],
  ["LOCALHOST", true],
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["[::1]", true],
  ["localhost.example", false],
  ["127.example", false],
  ["10.0.0.1", false],
];

describe("registry/address", () => {
  for (const [address, expected] of addresses) {
    it(`${address} is ${expected ? "private" : "not private"}`, () => {
      assert.equal(isPrivateAddress(address), expected);
    });
  }
  for (const [host, expected] of hosts) {
    it(`${host} is ${expected ? "this machine" : "another machine"}`, () => {
      assert.equal(isLoopbackHost(host), expected);
    });
  }
});
