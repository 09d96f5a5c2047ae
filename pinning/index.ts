// The one decision "which digest does this reference get?": the author's, the lock's, the last preview's, the registry's.
// Used by the pack, the components and the command line alike, so that they never disagree.
export { createPinner, type Pin, type Pinner, type PinnerOptions, type PinOptions } from "./pinner";
export { fixOf, NotLockedError } from "./error";
export { explainPinError } from "./explain";
export { locateLock, openLock, type LocatedLock, type LockSource, type NamedLock } from "./lock-source";
export { previewMemory, type PreviewedStack, type PreviewMemory } from "./preview-memory";
export { pinnerOfStack, type StackPinning } from "./stack";
export { defaultStrategy, parseStrategy, type Strategy } from "./strategy";
