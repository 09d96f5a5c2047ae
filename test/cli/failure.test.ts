import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { exitCodeOf, failureJson, imageFailureText, RefusedError } from "../../cli/failure";
import { UsageError } from "../../cli/read-references";
import { parseImageReference } from "../../images";
import { LockError, type LockErrorCode } from "../../lock";
import { RegistryError } from "../../registry";

function lockError(code: LockErrorCode): LockError {
  return new LockError({ code, path: "images.lock.json", problem: "is not right", fix: "mend it" });
}

function malformed(): unknown {
  try {
    return parseImageReference("Nginx");
  } catch (error) {
    return error;
  }
}

const registryError = new RegistryError({
  code: "denied",
  registry: "ghcr.io",
  repository: "acme/api",
  outcome: "answered 403",
});

// error → exit code, what people read, the code that tools read
const table: readonly (readonly [error: unknown, code: number, text: string, tools: string])[] = [
  [lockError("not-found"), 2, '"api": images.lock.json: is not right\nfix: mend it', "not-found"],
  [lockError("syntax"), 2, '"api": images.lock.json: is not right\nfix: mend it', "syntax"],
  [lockError("invalid"), 2, '"api": images.lock.json: is not right\nfix: mend it', "invalid"],
  [lockError("version"), 2, '"api": images.lock.json: is not right\nfix: mend it', "version"],
  [lockError("unreadable"), 2, '"api": images.lock.json: is not right\nfix: mend it', "unreadable"],
  [lockError("missing-entry"), 2, '"api": images.lock.json: is not right\nfix: mend it', "missing-entry"],
  [lockError("no-history"), 2, '"api": images.lock.json: is not right\nfix: mend it', "no-history"],
  [lockError("held"), 1, '"api": images.lock.json: is not right\nfix: mend it', "held"],
  [lockError("busy"), 3, '"api": images.lock.json: is not right\nfix: mend it', "busy"],
  [lockError("unwritable"), 3, '"api": images.lock.json: is not right\nfix: mend it', "unwritable"],
  [new RefusedError("is gone", "wait"), 1, '"api": is gone\nfix: wait', "refused"],
  [new UsageError("goes otherwise"), 2, '"api": goes otherwise', "usage"],
  [malformed(), 2, '"api" has upper case in its repository: "Nginx"', "repository-uppercase"],
  [
    registryError,
    3,
    'cannot resolve "api": answered 403\nfix: ask for read access to acme/api on ghcr.io',
    "denied",
  ],
  [new Error("broke"), 3, 'cannot resolve "api": broke', "internal"],
  ["no error at all", 3, 'cannot resolve "api"', "internal"],
];

describe("a failure on the command line", () => {
  for (const [error, code, text, tools] of table) {
    it(`with the code ${tools} ends with ${code}`, () => {
      assert.equal(exitCodeOf(error), code);
      assert.equal(imageFailureText("api", error), text);
      assert.equal(Reflect.get(failureJson(error), "code"), tools);
    });
  }
});
