// Drop-ins for the classes of @pulumi/kubernetes: the same arguments and outputs, every image in them pinned.
export { Deployment } from "./deployment";
