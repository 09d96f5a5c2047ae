import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { codeOf } from "../../lock/error";
import { FileError } from "./error";

/** Far more than anybody writes by hand, in bytes. */
const maxBytes = 4 * 1024 * 1024;
/** How far git looks for a NUL byte, in bytes, before it takes a file for text. */
const binaryWithin = 8000;

/**
 * The text of a file. A byte-order mark stays in it, so that writing it back changes no byte.
 *
 * @param path What it is called in messages.
 * @throws FileError for what is no file, is larger than 4 MiB, holds a NUL byte near its beginning, is no UTF-8 or cannot be read.
 */
export function readText(target: string, path: string): string {
  const bytes = readBytes(target, path);
  if (bytes.subarray(0, binaryWithin).includes(0)) {
    throw new FileError("binary", path, "is binary: it holds a NUL byte", "write it as UTF-8, or exclude it");
  }
  if (!isUtf8(bytes))
    throw new FileError("not-utf8", path, "is no UTF-8", "write it as UTF-8, or exclude it");
  return bytes.toString("utf8");
}

function readBytes(target: string, path: string): Buffer {
  let file: number | undefined;
  try {
    // A pipe would keep whoever opens it waiting.
    file = openSync(target, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(file);
    if (!found.isFile()) throw new FileError("unreadable", path, "is no file", "name a file or a folder");
    if (found.size > maxBytes) {
      const problem = `has ${found.size} bytes; files of up to ${maxBytes} are read`;
      throw new FileError("too-large", path, problem, "split it, or exclude it");
    }
    // One more than it has, so that a file that grows meanwhile is seen to have grown.
    const bytes = Buffer.allocUnsafe(found.size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > found.size)
      throw new FileError("changed", path, "changed while it was read", "run the command again");
    return bytes.subarray(0, length);
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    const code = codeOf(cause);
    if (code === "ENOENT")
      throw new FileError("not-found", path, "there is no such file", "check the path", cause);
    throw new FileError(
      "unreadable",
      path,
      `cannot be read (${code})`,
      "check the file and its permissions",
      cause,
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * The text of a file that another one names, relative to that one.
 *
 * @param tree The folder that the file must lie in once links are followed: a repository must not make others' files be read.
 * @returns undefined where there is no such text.
 */
export function readBeside(tree: string, target: string, path: string): string | undefined {
  if (isAbsolute(path)) return undefined;
  try {
    const real = realpathSync(join(dirname(target), path));
    return isWithin(realpathSync(tree), real) ? readText(real, path) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder or lies beneath it; both absolute and with their links followed. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
