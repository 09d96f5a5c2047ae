import { compose } from "./compose";
import { devcontainer } from "./devcontainer";
import { dockerfile, dockerfileImages } from "./dockerfile";
import { github } from "./github";
import { gitlab } from "./gitlab";
import { gitlabIncluded } from "./gitlab-included";
import { helmValues } from "./helm-values";
import { kubernetes } from "./kubernetes";
import { kustomization } from "./kustomization";
import { pulumiProgram } from "./pulumi-program";
import { pulumiStack } from "./pulumi-stack";
import type { SourceFormat } from "./source";

/**
 * Every format, in the order in which they claim a file: those that know theirs by name come first, then those that look into it.
 */
export const allFormats: readonly SourceFormat[] = [
  dockerfile,
  github,
  gitlab,
  pulumiProgram,
  pulumiStack,
  devcontainer,
  kustomization,
  helmValues,
  compose(dockerfileImages),
  kubernetes,
  gitlabIncluded,
];
