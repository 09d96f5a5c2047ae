import assert from "node:assert/strict";
import { formatPinned, parseDigest, parseImageReference, type PinnedReference } from "../../images";

const hex = "0123456789abcdef".repeat(4);
const sha256 = `sha256:${hex}`;
const sha512 = `sha512:${hex}${hex}`;
const long = (n: number): string => "a".repeat(n);

describe("parseImageReference", () => {
  // input → name as written | registry | repository | tag | digest
  const table: readonly (readonly [string, string, string, string, (string | undefined)?, string?])[] = [
    ["nginx", "nginx", "docker.io", "library/nginx"],
    ["nginx:1.27", "nginx", "docker.io", "library/nginx", "1.27"],
    ["nginx:5000", "nginx", "docker.io", "library/nginx", "5000"],
    ["localhost:5000", "localhost", "docker.io", "library/localhost", "5000"],
    ["localhost:5000/team/app", "localhost:5000/team/app", "localhost:5000", "team/app"],
    ["localhost:5000/team/app:5000", "localhost:5000/team/app", "localhost:5000", "team/app", "5000"],
    [`localhost:5000/app@${sha256}`, "localhost:5000/app", "localhost:5000", "app", undefined, sha256],
    ["[::1]:5000/app:1", "[::1]:5000/app", "[::1]:5000", "app", "1"],
    ["[2001:db8::1]/app", "[2001:db8::1]/app", "[2001:db8::1]", "app"],
    ["[FC00::1]/app", "[FC00::1]/app", "[FC00::1]", "app"],
    ["index.docker.io/nginx:1", "index.docker.io/nginx", "docker.io", "library/nginx", "1"],
    ["docker.io:443/nginx", "docker.io:443/nginx", "docker.io:443", "nginx"],
    ["Acme/app", "Acme/app", "Acme", "app"],
    [`app:Up_1.2-x@${sha256}`, "app", "docker.io", "library/app", "Up_1.2-x", sha256],
    [`app@${sha512}`, "app", "docker.io", "library/app", undefined, sha512],
    ["acme/a---b__c.d_e", "acme/a---b__c.d_e", "docker.io", "acme/a---b__c.d_e"],
    [`ghcr.io/${long(255)}`, `ghcr.io/${long(255)}`, "ghcr.io", long(255)],
    [long(247), long(247), "docker.io", `library/${long(247)}`],
    [`app:${long(128)}`, "app", "docker.io", "library/app", long(128)],
    // Sixty-four hex digits are refused alone; with a tag or a digest behind them they are a name.
    [`${hex}:1`, hex, "docker.io", `library/${hex}`, "1"],
    [`${hex}@${sha256}`, hex, "docker.io", `library/${hex}`, undefined, sha256],
  ];

  for (const [input, name, registry, repository, tag, digest] of table) {
    it(input.slice(0, 100), () => {
      const reference = parseImageReference(input);
      assert.deepEqual(
        { ...reference },
        {
          original: input,
          name,
          registry,
          repository,
          ...(tag === undefined ? {} : { tag }),
          ...(digest === undefined ? {} : { digest }),
        },
      );
      const tail = (tag === undefined ? "" : `:${tag}`) + (digest === undefined ? "" : `@${digest}`);
      assert.equal(reference.toString(), `${registry}/${repository}${tail}`);
    });
  }
});

describe("formatPinned", () => {
  const digest = parseDigest(sha256);

  // input → tag-and-digest | digest
  const table: readonly (readonly [string, string, string])[] = [
    ["nginx", `nginx@${sha256}`, `nginx@${sha256}`],
    ["nginx:1.27", `nginx:1.27@${sha256}`, `nginx@${sha256}`],
    [`nginx:1.27@${sha512}`, `nginx:1.27@${sha256}`, `nginx@${sha256}`],
    ["docker.io/nginx:1", `docker.io/nginx:1@${sha256}`, `docker.io/nginx@${sha256}`],
    [
      "index.docker.io/library/nginx",
      `index.docker.io/library/nginx@${sha256}`,
      `index.docker.io/library/nginx@${sha256}`,
    ],
    ["localhost:5000/app:1", `localhost:5000/app:1@${sha256}`, `localhost:5000/app@${sha256}`],
    ["[::1]:5000/app:1", `[::1]:5000/app:1@${sha256}`, `[::1]:5000/app@${sha256}`],
  ];

  for (const [input, both, alone] of table) {
    it(input, () => {
      const reference = parseImageReference(input);
      assert.equal(formatPinned(reference, digest), both);
      assert.equal(formatPinned(reference, digest, "tag-and-digest"), both);
      assert.equal(formatPinned(reference, digest, "digest"), alone);
    });
  }

  it("gives a type that no other text has", () => {
    const accept = (text: PinnedReference): string => text;
    const plain: string = "nginx@" + sha256;
    accept(formatPinned(parseImageReference("nginx"), digest));
    // @ts-expect-error a plain string proves nothing
    accept(plain);
    // @ts-expect-error neither does a literal
    accept("nginx@sha256:abc");
    // @ts-expect-error nor a template around a plain string
    accept(`nginx@${plain}`);
  });
});
