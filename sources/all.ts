import { compose } from "./compose";
import { dockerfile } from "./dockerfile";
import { kubernetes } from "./kubernetes";
import type { SourceFormat } from "./source";

/** Every format, in the order in which they claim a file: those that know theirs by name come first. */
export const allFormats: readonly SourceFormat[] = [dockerfile, compose(dockerfile), kubernetes];
