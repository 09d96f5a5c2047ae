/** An operating system and a CPU, as an image index names them (OCI image-spec, image-index.md). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** `linux/amd64`, `linux/arm/v7`. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return [os, architecture, ...(variant === undefined || variant === "" ? [] : [variant])].join("/");
}

/**
 * Reads `os/architecture[/variant]`.
 *
 * @throws TypeError when the text has another shape.
 */
export function parsePlatform(text: string): Platform {
  const match = /^([a-z0-9]{1,32})\/([a-z0-9_]{1,32})(?:\/([a-z0-9.]{1,32}))?$/.exec(text);
  const [, os, architecture, variant] = match ?? [];
  if (os === undefined || architecture === undefined) {
    throw new TypeError(
      `${JSON.stringify(text.slice(0, 80))} is no platform; write it like linux/amd64 or linux/arm/v7`,
    );
  }
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}
