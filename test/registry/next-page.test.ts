import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { ManifestError } from "../../registry/manifest";
import { nextPage } from "../../registry/next-page";

const from = new URL("https://ghcr.io/v2/acme/api/referrers/sha256:abc?n=2");

describe("registry/next page", () => {
  const cases: readonly (readonly [link: string | undefined, query: string | undefined])[] = [
    [undefined, undefined],
    ["", undefined],
    ["</v2/acme/api/referrers/sha256:abc?last=x&n=2>; rel=prev", undefined],
    ["</v2/acme/api/referrers/sha256:abc?last=x>", undefined],
    [`</v2/acme/api/referrers/sha256:abc?last=x&n=2>; rel="next"`, "last=x&n=2"],
    [`</v2/acme/api/referrers/sha256:abc?last=x&n=2>;rel=next`, "last=x&n=2"],
    [`</v2/acme/api/referrers/sha256:abc?last=x>; title="a"; REL = "start NEXT"`, "last=x"],
    [`<https://ghcr.io/v2/acme/api/referrers/sha256:abc?last=x>; rel="next"`, "last=x"],
    [`<https://ghcr.io:443/v2/acme/api/referrers/sha256%3Aabc?last=x>; rel="next"`, "last=x"],
    [`<?last=x%2By>; rel="next"`, "last=x%2By"],
    [`</first?a>; rel="first", <?last=x>; rel="next"`, "last=x"],
    [`<?last=x>; rel="nextish"`, undefined],
    [`<?last=x; rel="next"`, undefined],
  ];
  for (const [link, query] of cases) {
    it(`reads ${String(link)}`, () => {
      assert.equal(nextPage(link, from), query);
    });
  }

  const elsewhere = [
    "https://evil.example/v2/acme/api/referrers/sha256:abc?last=x",
    "http://ghcr.io/v2/acme/api/referrers/sha256:abc?last=x",
    "//evil.example/v2/acme/api/referrers/sha256:abc",
    "/v2/acme/other/referrers/sha256:abc?last=x",
    "/v2/acme/api/referrers/sha256:abd?last=x",
    "../../../../token",
    "https://ghcr.io:99999/",
    "file:///etc/passwd",
  ];
  for (const target of elsewhere) {
    it(`refuses ${target}`, () => {
      assert.throws(
        () => nextPage(`<${target}>; rel="next"`, from),
        (error: unknown) =>
          error instanceof ManifestError &&
          error.code === "bad-response" &&
          error.message.includes("not on this list's own path"),
      );
    });
  }

  it("never leads elsewhere, whatever a header says", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      ";",
      ",",
      '"',
      " ",
      "rel",
      "=",
      "next",
      "?a",
      "/v2",
      "//b.example",
      "%3a",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          const query = nextPage(pieces.join(""), from);
          if (query === undefined) return;
          const next = new URL(from);
          next.search = query;
          assert.equal(next.pathname, from.pathname);
        } catch (error) {
          if (!(error instanceof ManifestError)) throw error;
        }
      }),
    );
  });
});
