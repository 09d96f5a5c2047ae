import assert from "node:assert/strict";
import {
  imageState,
  ImageReferenceError,
  parseDigest,
  parseImageReference,
  type ImageReferenceErrorCode,
} from "../../images";

const hex = "0123456789abcdef".repeat(4);
const long = (n: number): string => "a".repeat(n);

/** Input, exact message, offending part. */
type Case = readonly [input: string, message: string, part: string];

/** The type asks for every code, and for at least one case of each. */
const cases: Readonly<Record<ImageReferenceErrorCode, readonly [Case, ...Case[]]>> = {
  empty: [["", "is empty", ""]],
  whitespace: [
    [" nginx", "has white space around it", " nginx"],
    ["nginx:1.27\n", "has white space around it", "nginx:1.27\n"],
    [`nginx@sha256:${hex} `, "has white space around it", `nginx@sha256:${hex} `],
    ["\t", "has white space around it", "\t"],
    ["nginx: 1.27", "has white space in its name or tag", "nginx: 1.27"],
    ["can't parse this:latest", "has white space in its name or tag", "can't parse this:latest"],
  ],
  url: [
    ["https://ghcr.io/acme/api", `is a URL; an image reference has no "https://"`, "https://"],
    ["docker://nginx:1.27", `is a URL; an image reference has no "docker://"`, "docker://"],
    ["OCI://ghcr.io/acme/chart", `is a URL; an image reference has no "OCI://"`, "OCI://"],
  ],
  "bare-hex": [[hex, "is 64 hex digits, an image ID and no reference", hex]],
  "registry-invalid": [
    ["-ghcr.io/acme/api", `has "-ghcr.io" where a registry host was expected`, "-ghcr.io"],
    ["ghcr-.io/acme/api", `has "ghcr-.io" where a registry host was expected`, "ghcr-.io"],
    ["ghcr..io/acme/api", `has "ghcr..io" where a registry host was expected`, "ghcr..io"],
    ["a_b.c/api", `has "a_b.c" where a registry host was expected`, "a_b.c"],
    [":5000/api", `has "" where a registry host was expected`, ""],
    ["./api", `has "." where a registry host was expected`, "."],
    ["${REGISTRY}/api:1", 'has "${REGISTRY}" where a registry host was expected', "${REGISTRY}"],
    ["[fe80::1%eth0]:5000/api", `has "[fe80::1%eth0]" where a registry host was expected`, "[fe80::1%eth0]"],
    [
      "[::ffff:192.0.2.1]/api",
      `has "[::ffff:192.0.2.1]" where a registry host was expected`,
      "[::ffff:192.0.2.1]",
    ],
    ["[].io/api", `has "[].io" where a registry host was expected`, "[].io"],
    ["[::1]x:80/api", `has "[::1]x" where a registry host was expected`, "[::1]x"],
  ],
  "port-invalid": [
    ["localhost:/api", `has the port "", which is no number`, ""],
    ["localhost:http/api", `has the port "http", which is no number`, "http"],
    ["fc00::1:5000/api", `has the port ":1:5000", which is no number`, ":1:5000"],
    ["nginx:1.27/api", `has the port "1.27", which is no number`, "1.27"],
  ],
  "repository-empty": [
    ["@foo:bar", "has no repository", ""],
    [`@sha256:${hex}`, "has no repository", ""],
    [":1.27", "has no repository", ""],
    ["ghcr.io/", "has no repository", ""],
    ["docker/", "has an empty part in its repository", "docker/"],
    ["/nginx", "has an empty part in its repository", "/nginx"],
    ["ghcr.io/acme//api", "has an empty part in its repository", "acme//api"],
  ],
  "repository-uppercase": [
    ["Nginx:1.27", `has upper case in its repository: "Nginx"`, "Nginx"],
    ["ghcr.io/Acme/api", `has upper case in its repository: "Acme"`, "Acme"],
  ],
  "repository-invalid": [
    ["_api", `has "_api" in its repository, which the grammar does not allow`, "_api"],
    ["acme/a..b", `has "a..b" in its repository, which the grammar does not allow`, "a..b"],
    ["acme/a___b", `has "a___b" in its repository, which the grammar does not allow`, "a___b"],
    ["acme/-api", `has "-api" in its repository, which the grammar does not allow`, "-api"],
    ["[::1]:5000", `has "[" in its repository, which the grammar does not allow`, "["],
    ["a\u001b[2Jb", 'has "a\\u001b[2Jb" in its repository, which the grammar does not allow', "a\u001b[2Jb"],
    ["nginх", `has "nginх" in its repository, which the grammar does not allow`, "nginх"],
  ],
  "repository-too-long": [
    [`ghcr.io/${long(256)}`, "has a repository of 256 characters; 255 are allowed", long(256)],
    [long(248), "has a repository of 256 characters; 255 are allowed", `library/${long(248)}`],
  ],
  "tag-empty": [
    ["nginx:", `has nothing behind ":"; a tag was expected`, ""],
    [`nginx:@sha256:${hex}`, `has nothing behind ":"; a tag was expected`, ""],
  ],
  "tag-invalid": [
    ["nginx:${TAG}", 'has the tag "${TAG}", which the grammar does not allow', "${TAG}"],
    ["nginx:-1", `has the tag "-1", which the grammar does not allow`, "-1"],
    ["nginx:.1", `has the tag ".1", which the grammar does not allow`, ".1"],
    ["nginx:1+2", `has the tag "1+2", which the grammar does not allow`, "1+2"],
    ["nginx:1:2", `has the tag "1:2", which the grammar does not allow`, "1:2"],
    ["nginx:é", `has the tag "é", which the grammar does not allow`, "é"],
  ],
  "tag-too-long": [[`nginx:${long(129)}`, "has a tag of 129 characters; 128 are allowed", long(129)]],
  "digest-empty": [
    ["nginx@", `nothing stands behind "@"; a digest was expected`, ""],
    ["nginx:1.27@", `nothing stands behind "@"; a digest was expected`, ""],
  ],
  "digest-algorithm-missing": [
    [`nginx@${hex}`, `"sha256:" is missing in front of the digest`, hex],
    [`nginx@${hex}${hex}`, `"sha512:" is missing in front of the digest`, hex + hex],
    ["nginx@latest", `"latest" is not a digest; "sha256:" is missing`, "latest"],
    ["nginx@sha256", `"sha256" is not a digest; "sha256:" is missing`, "sha256"],
  ],
  "digest-algorithm-unknown": [
    [`nginx@md5:${long(32)}`, `unknown algorithm "md5"`, "md5"],
    [`nginx@sha384:${long(96)}`, `unknown algorithm "sha384"`, "sha384"],
    ["nginx@foo:bar", `unknown algorithm "foo"`, "foo"],
    [`nginx@:${hex}`, `the digest has no algorithm before ":"`, ""],
    ["nginx@\u001b:1", 'unknown algorithm "\\u001b"', "\u001b"],
  ],
  "digest-algorithm-uppercase": [
    [`nginx@SHA256:${hex}`, `the algorithm "SHA256" must be written "sha256"`, "SHA256"],
  ],
  "digest-length": [
    ["nginx@sha256:abc", "the digest has 3 hex characters, sha256 needs 64", "abc"],
    ["nginx@sha256:a", "the digest has 1 hex character, sha256 needs 64", "a"],
    ["nginx@sha256:", "the digest has 0 hex characters, sha256 needs 64", ""],
    [`nginx@sha256:${hex.slice(1)}`, "the digest has 63 hex characters, sha256 needs 64", hex.slice(1)],
    [`nginx:1@sha256:${hex}0`, "the digest has 65 hex characters, sha256 needs 64", `${hex}0`],
    [`nginx@sha512:${hex}`, "the digest has 64 hex characters, sha512 needs 128", hex],
  ],
  "digest-uppercase": [
    [`nginx@sha256:${hex.slice(0, 11)}A${hex.slice(12)}`, `uppercase "A" at character 12`, "A"],
    [
      "nginx@sha256:abC",
      `uppercase "C" at character 3 (and the digest has 3 characters, sha256 needs 64)`,
      "C",
    ],
  ],
  "digest-character": [
    [`nginx@sha256:g${hex.slice(1)}`, `"g" at character 1 is no hex digit`, "g"],
    [
      "nginx@sha256:abc123...",
      `"." at character 7 is no hex digit (and the digest has 9 characters, sha256 needs 64)`,
      ".",
    ],
    [
      "nginx@sha256:a😀",
      `"😀" at character 2 is no hex digit (and the digest has 2 characters, sha256 needs 64)`,
      "😀",
    ],
    [
      `nginx@sha256:${hex}:1.27`,
      `":" at character 65 is no hex digit (and the digest has 69 characters, sha256 needs 64)`,
      ":",
    ],
    [
      `nginx@sha256:${hex}@sha256:${hex}`,
      `"@" at character 65 is no hex digit (and the digest has 136 characters, sha256 needs 64)`,
      "@",
    ],
  ],
};

describe("ImageReferenceError", () => {
  for (const [code, list] of Object.entries(cases)) {
    for (const [input, message, part] of list) {
      it(`${code}: ${JSON.stringify(input.slice(0, 60))}`, () => {
        assert.throws(() => parseImageReference(input), {
          name: "ImageReferenceError",
          code,
          message,
          part,
          inDigest: code.startsWith("digest-"),
        });
      });
      if (code !== "bare-hex") {
        it(`${code}: ${JSON.stringify(input.slice(0, 60))} is in the state malformed`, () => {
          const state = imageState(input);
          assert.equal(state.kind, "malformed");
          assert.equal(state.error.code, code);
        });
      }
      if (code.startsWith("digest-")) {
        it(`${code}: the digest alone says the same`, () => {
          assert.throws(() => parseDigest(input.slice(input.indexOf("@") + 1)), { code, message, part });
        });
      }
    }
  }

  it("shortens message and part of a hostile text", () => {
    for (const text of [
      `${"a-".repeat(10_000)}!`,
      `nginx@${"x".repeat(20_000)}`,
      `n@${"y".repeat(20_000)}:1`,
    ]) {
      assert.throws(
        () => parseImageReference(text),
        (error) =>
          error instanceof ImageReferenceError && error.part.length <= 256 && error.message.length < 200,
      );
    }
  });
});
