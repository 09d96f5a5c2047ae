import assert from "node:assert/strict";
import { parseImageReference, parsePlatform } from "../../images";
import { lockKey, parseLockKey } from "../../lock";
import { digestOf } from "./support/entries";

describe("lockKey", () => {
  // reference, platform → name
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    ["nginx", undefined, "docker.io/library/nginx:latest"],
    ["nginx:1.27", undefined, "docker.io/library/nginx:1.27"],
    ["index.docker.io/library/nginx:1.27", undefined, "docker.io/library/nginx:1.27"],
    ["acme/api:2", undefined, "docker.io/acme/api:2"],
    ["localhost:5000/team/app:1", undefined, "localhost:5000/team/app:1"],
    ["[::1]:5000/app:1", undefined, "[::1]:5000/app:1"],
    [`nginx:1.27@${digestOf("any")}`, undefined, "docker.io/library/nginx:1.27"],
    [`nginx@${digestOf("any")}`, undefined, "docker.io/library/nginx:latest"],
    ["nginx:1.27", "linux/arm64", "docker.io/library/nginx:1.27 linux/arm64"],
    ["nginx", "linux/arm/v7", "docker.io/library/nginx:latest linux/arm/v7"],
  ];
  for (const [text, platform, name] of cases) {
    it(`${text}${platform === undefined ? "" : ` for ${platform}`} → ${name}, and back`, () => {
      const chosen = platform === undefined ? undefined : parsePlatform(platform);
      assert.equal(lockKey(parseImageReference(text), chosen), name);
      const read = parseLockKey(name);
      assert.ok(read);
      assert.equal(lockKey(read.reference, read.platform), name);
      assert.deepEqual(read.platform, chosen);
    });
  }
});

describe("parseLockKey refuses", () => {
  const names = [
    "",
    " ",
    "nginx",
    "nginx:1.27",
    "library/nginx:1.27",
    "docker.io/nginx:1.27",
    "docker.io/library/nginx",
    "index.docker.io/library/nginx:1.27",
    `docker.io/library/nginx:1.27@${digestOf("any")}`,
    "docker.io/library/NGINX:1.27",
    "docker.io/library/nginx:1.27 ",
    " docker.io/library/nginx:1.27",
    "docker.io/library/nginx:1.27  linux/arm64",
    "docker.io/library/nginx:1.27 linux",
    "docker.io/library/nginx:1.27 LINUX/arm64",
    "docker.io/library/nginx:1.27 linux/arm64 ",
    "docker.io/library/nginx:1.27\tlinux/arm64",
    "__proto__",
    "constructor",
    "scratch",
  ];
  for (const name of names) {
    it(JSON.stringify(name), () => {
      assert.equal(parseLockKey(name), undefined);
    });
  }
});
