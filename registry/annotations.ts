import { cleanText } from "./text";

/** What an image's author says of it, by the OCI image specification's annotation keys (annotations.md). Proven by nobody. */
export interface ImageAnnotations {
  /** `org.opencontainers.image.source`: where its sources are. */
  readonly source?: string;
  /** `org.opencontainers.image.revision`: the commit it was built from. */
  readonly revision?: string;
  /** `org.opencontainers.image.base.name`: the image it was built upon. */
  readonly baseName?: string;
  /** `org.opencontainers.image.created`: when, as it says; reproducible builds say 1970. */
  readonly created?: string;
}

export const annotationNames = ["source", "revision", "baseName", "created"] as const;

const prefix = "org.opencontainers.image.";
const maxLength = 400;

/** The annotations that are known here. Anybody may have written them: control characters go, and length is bounded. */
export function parseAnnotations(annotations: Readonly<Record<string, unknown>>): ImageAnnotations {
  const text = (key: string): string | undefined => {
    const value = Object.hasOwn(annotations, prefix + key) ? annotations[prefix + key] : undefined;
    const clean = typeof value === "string" ? cleanText(value, maxLength) : "";
    return clean === "" ? undefined : clean;
  };
  const source = text("source");
  const revision = text("revision");
  const baseName = text("base.name");
  const created = text("created");
  return {
    ...(source === undefined ? {} : { source }),
    ...(revision === undefined ? {} : { revision }),
    ...(baseName === undefined ? {} : { baseName }),
    ...(created === undefined ? {} : { created }),
  };
}

/** Whether nothing is left to be looked for elsewhere. */
export function areComplete(annotations: ImageAnnotations): boolean {
  return annotationNames.every((name) => annotations[name] !== undefined);
}
