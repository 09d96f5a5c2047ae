import assert from "node:assert/strict";
import { proxiesIn, proxyFor, proxySecrets } from "../../registry/proxies";

const pair = (text: string): string => Buffer.from(text).toString("base64");

describe("registry/proxies", () => {
  // environment, URL → proxy
  const ways: readonly (readonly [Readonly<Record<string, string>>, string, string])[] = [
    [{}, "https://r.example", ""],
    [{ HTTPS_PROXY: "http://s:1" }, "https://r.example", "http://s:1"],
    [{ HTTP_PROXY: "http://h:1" }, "https://r.example", ""],
    [{ HTTP_PROXY: "http://h:1", HTTPS_PROXY: "" }, "https://r.example", ""],
    [{ HTTP_PROXY: "http://h:1", HTTPS_PROXY: "http://s:1" }, "https://r.example", "http://s:1"],
    [{ HTTP_PROXY: "http://h:1", HTTPS_PROXY: "http://s:1" }, "http://r.example", "http://h:1"],
    [{ HTTPS_PROXY: "http://s:1" }, "http://r.example", ""],
    [{ HTTPS_PROXY: "http://s:1", https_proxy: "http://t:1" }, "https://r.example", "http://t:1"],
    [{ HTTPS_PROXY: "http://s:1", https_proxy: "" }, "https://r.example", ""],
  ];
  for (const [environment, url, expected] of ways) {
    it(`sends ${url} ${expected === "" ? "straight" : `through ${expected}`}: ${JSON.stringify(environment)}`, () => {
      assert.equal(proxyFor(new URL(url), proxiesIn(environment)), expected);
    });
  }

  // what, proxy → secrets
  const secrets: readonly (readonly [string, string, readonly string[]])[] = [
    ["nothing of none", "", []],
    ["nothing of one without a password", "http://proxy:3128", []],
    ["nothing of what is no URL", "://ada:word@", []],
    [
      "a password and its pair",
      "http://ada:pr0xy-word@proxy",
      ["pr0xy-word", "pr0xy-word", pair("ada:pr0xy-word")],
    ],
    ["a password that is escaped", "http://ada:w%21rd@proxy", ["w%21rd", "w!rd", pair("ada:w!rd")]],
    [
      "a password that is escaped wrongly",
      "http://ada:100%word@proxy",
      ["100%word", "100%word", pair("ada:100%word")],
    ],
    [
      "a token in the name's place",
      "http://t0ken-of-16-long@proxy",
      ["t0ken-of-16-long", "t0ken-of-16-long", pair("t0ken-of-16-long:")],
    ],
    ["nothing of a mere name, which stands in other words", "http://docker@proxy", []],
  ];
  for (const [what, proxy, expected] of secrets) {
    it(`keeps ${what} secret`, () => {
      assert.deepEqual(proxySecrets({ HTTP_PROXY: proxy }), expected);
      assert.deepEqual(proxySecrets({ https_proxy: proxy }), expected);
    });
  }
});
