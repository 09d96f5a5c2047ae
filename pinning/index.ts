// The one decision "which digest does this reference get?".
// Used by the pack, the components and the command line alike, so that they never disagree.
export { createPinner, type Pin, type Pinner, type PinnerOptions, type PinOptions } from "./pinner";
export { explainPinError } from "./explain";
