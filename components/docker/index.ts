// Components over @pulumi/docker.
export { PinnedContainer, type PinnedContainerArgs } from "./pinned-container";
