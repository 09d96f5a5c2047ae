import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { RegistryError } from "../../registry";
import { Secrets } from "../../registry/secrets";

const token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

function basic(password: string): string {
  return `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`;
}

/** What was sent as Authorization, a text, and what is left of it. */
const cases: readonly (readonly [what: string, sent: string, text: string, redacted: string])[] = [
  ["nothing of it", `Bearer ${token}`, "answered 404 MANIFEST_UNKNOWN", "answered 404 MANIFEST_UNKNOWN"],
  ["a token", `Bearer ${token}`, `answered "${token}", which`, `answered "***", which`],
  ["twice", `Bearer ${token}`, `${token} ${token}`, "*** ***"],
  ["upper case", basic("open-sesame-now"), "OPEN-SESAME-NOW", "***"],
  ["a cut token", `Bearer ${token}`, `type "text/${token.slice(0, 20)}…"`, `type "text/***"`],
  ["another token of that kind", `Bearer ${token}`, `${token.slice(0, 30)}another`, "***"],
  ["fewer characters than tell", `Bearer ${token}`, token.slice(0, 7), token.slice(0, 7)],
  ["a password", basic("open sesame now"), "open sesame now", "***"],
  ["a password over lines", basic(`{"a":\n"key"}`), `it said {"a": "key"}!`, "it said ***"],
  ["a password in a URL", basic("p&ss w/rd+"), "/p%26ss%20w%2Frd%2B/x", "/***"],
  ["a password in base64", basic("open sesame"), Buffer.from("open sesame").toString("base64"), "***"],
  ["the pair in base64", basic("open sesame"), basic("open sesame"), "Basic ***"],
  ["a colon in the password", basic("a:bcdefg:h"), "a:bcdefg:h", "***"],
  ["a short password", basic("abcd"), "xabcdx", "x***"],
  ["a password that stands in every text", basic("abc"), "abc", "abc"],
  ["no password", basic(""), "anything", "anything"],
  ["letters that change their length in lower case", basic("sesame-open"), "İİ SESAME-OPEN İ", "İİ *** İ"],
];

describe("registry/secrets", () => {
  for (const [what, authorization, text, redacted] of cases) {
    it(`redacts ${what}`, () => {
      const secrets = new Secrets();
      secrets.remember({ headers: { authorization } });
      assert.equal(secrets.redact(text), redacted);
    });
  }

  it("redacts an identity token", () => {
    const secrets = new Secrets();
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "p&ss w/rd+" });
    secrets.remember({ headers: {}, body: body.toString() });
    assert.equal(secrets.redact("p&ss w/rd+ refresh_token"), "*** refresh_token");
  });

  it("never forgets those that others send", () => {
    const secrets = new Secrets(["proxy-word"]);
    const send = (): void => {
      for (let n = 0; n < 5000; n++) {
        secrets.remember({ headers: { authorization: `Bearer ${String(n).padStart(8, "0")}-token` } });
      }
    };
    assert.equal(secrets.redact("a proxy-word"), "a ***");
    send();
    assert.equal(secrets.redact("a proxy-word"), "a ***");
  });

  it("learns new secrets after it has redacted", () => {
    const secrets = new Secrets();
    assert.equal(secrets.redact(token), token);
    secrets.remember({ headers: { authorization: `Bearer ${token}` } });
    assert.equal(secrets.redact(token), "***");
  });

  it("remembers the newest of very many", () => {
    const secrets = new Secrets();
    const name = (n: number): string => `${String(n).padStart(8, "0")}-token`;
    for (let n = 0; n < 5000; n++) secrets.remember({ headers: { authorization: `Bearer ${name(n)}` } });
    assert.equal(secrets.redact(`${name(4999)} ${name(0)}`), `*** ${name(0)}`);
  });

  it("goes through a text that says nothing else once", () => {
    const secrets = new Secrets();
    secrets.remember({ headers: { authorization: `Bearer ${token}` } });
    const often = 100_000;
    assert.equal(secrets.redact(`${token} `.repeat(often)), "*** ".repeat(often));
  });

  it("takes them out of every part of an error, and of its causes", () => {
    const secrets = new Secrets();
    secrets.remember({ headers: { authorization: `Bearer ${token}` } });
    const deepest = Object.assign(new Error(`deep ${token}`), { code: `E ${token}`, hostname: token });
    const error = new RegistryError({
      code: "denied",
      registry: "r.example",
      repository: "api",
      outcome: `said ${token}`,
      fix: `do ${token}`,
      status: 403,
      registryCode: token,
      retryAfter: 5,
      lookedIn: ["here"],
      cause: new Error(`middle ${token}`, { cause: deepest }),
    }).rewritten((text) => secrets.redact(text));
    assert.deepEqual(
      [error.code, error.registry, error.repository, error.message, error.fix, error.status],
      ["denied", "r.example", "api", "said ***", "do ***", 403],
    );
    assert.deepEqual([error.registryCode, error.retryAfter, error.lookedIn], ["***", 5, ["here"]]);
    assert.match(error.stack ?? "", /said \*\*\*\n\s+at /);
    const middle = error.cause;
    assert.ok(middle instanceof Error && middle.message === "middle ***");
    assert.ok(middle.cause instanceof Error && middle.cause.message === "deep ***");
    assert.deepEqual(Object.entries(middle.cause), [
      ["name", "Error"],
      ["code", "E ***"],
    ]);
  });
});
