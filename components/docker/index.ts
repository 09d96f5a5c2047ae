// Drop-ins for the classes of @pulumi/docker, every image in their arguments pinned, and a component over two of them.
// Images go by digest alone, so that another spelling of the tag does not have a container made anew.
export { Container, RemoteImage, Service } from "./drop-ins";
export { PinnedContainer, type PinnedContainerArgs } from "./pinned-container";
