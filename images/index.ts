// What an image reference is: the grammar, digests, platforms, and the forms that consumers take.
// Pure: no I/O, no dependency on any other folder.
// https://github.com/distribution/reference has the grammar, the OCI image specification the digests.
export { ImageReferenceError, type ImageReferenceErrorCode } from "./error";
export { parseDigest, type Digest } from "./digest";
export { parseImageReference, type ImageReference } from "./reference";
export { byDigest, type DigestReference } from "./by-digest";
export { formatPinned, parseReferenceForm, type PinnedReference, type ReferenceForm } from "./format";
export { imageState, type ImageState } from "./state";
export { formatPlatform, parsePlatform, type Platform } from "./platform";
