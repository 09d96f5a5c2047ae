// What developers use: write tags, deploy digests. They resolve while the preview runs, each reference once.
// The drop-ins for a provider's own classes are entries of their own ("pulumi-pinned-images/components/kubernetes"),
// so that nobody loads a provider SDK that is not used.
export { pinnedImage, PinnedImage, type PinnedImageArgs, type PinnedImageOptions } from "./pinned-image";
export { pinnedImages } from "./pinned-images";
export { pinImages, pinningTransform, type PinImagesOptions } from "./pin-images";
export { pinInputs } from "./pin-inputs";
export type { PinningOptions } from "./pinner";
