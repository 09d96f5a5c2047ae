// For unit tests of programs: a registry that answers without a network.
export { fakeRegistry, type FakeRegistry } from "./fake-registry";
