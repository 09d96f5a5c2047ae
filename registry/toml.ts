import { parse, TomlError } from "smol-toml";
import { MirrorConfigError } from "./mirror-config-error";

/** Reads TOML. @throws MirrorConfigError that says where it is broken, and repeats nothing of it. */
export function parseToml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) {
      throw new MirrorConfigError(`it is not valid TOML (line ${error.line}, column ${error.column})`);
    }
    throw error;
  }
}
