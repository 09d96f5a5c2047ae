// Where image references sit in each provider's resource types, and the form that each one accepts.
// Pure: tables, one file for each provider, and walkers over property values.
// Shared by the pack (which reads values) and by the components (which rewrite inputs).
export { allLocations, locationsOf } from "./all";
export { compiledLocations, findImages, type FoundImage, type Unreadable } from "./find";
export { parsePath, type ImageLocation, type PathStep, type ResourceLocations } from "./location";
export { isUnknown } from "./unknown";
