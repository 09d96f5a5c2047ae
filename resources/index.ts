// Where image references sit in each provider's resource types, and the form that each one accepts.
// Pure: tables, one file for each provider, and one walker over property values that reads and rewrites.
// Shared by the pack (findImages, pinImagesIn, findContainers) and by the components (walkProperties over inputs).
export { allLocations, compiledLocations, kustomizePatch, treeOf, type CompiledLocation } from "./all";
export { withChange } from "./change";
export { findContainers, type Container, type Reader, type Reading } from "./containers";
export { findImages } from "./find";
export { placement, type FoundImage, type Place, type Placement, type Unreadable } from "./found";
export {
  parsePath,
  type ImageLocation,
  type PathStep,
  type ReferenceFields,
  type ResourceLocations,
  type RunLocation,
  type Runtime,
} from "./location";
export { imageLeaf, type Node } from "./node";
export { isPlaceable, pinImagesIn, type PinnedImage } from "./pin";
export { imageVariable } from "./shapes/environment";
export { helmValues } from "./shapes/helm-values";
export { kustomizeImage } from "./shapes/kustomize-image";
export { opensMoreThan } from "./text/brackets";
export { isUnknown } from "./unknown";
export type { Visitor } from "./visitor";
export { walkProperties } from "./walk";
