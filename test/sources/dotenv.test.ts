import assert from "node:assert/strict";
import { parseDotenv } from "../../sources/dotenv";

describe("parseDotenv", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["A=1\nB=2", { A: "1", B: "2" }],
    ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["\uFEFFA=1", { A: "1" }],
    ["  export A = 1  ", { A: "1" }],
    ["A: 1", { A: "1" }],
    ["A=1 # why", { A: "1" }],
    ["A=1#not", { A: "1#not" }],
    ["A=# nothing", { A: "" }],
    ["A=", { A: "" }],
    [`A="1 # in" # out`, { A: "1 # in" }],
    ["A='$B ${C}'", { A: "$B ${C}" }],
    ["A=1\nB=${A}.2\nC=$OUT", { A: "1", B: "1.2", C: "from outside" }],
    ["B=${MISSING:-default}", { B: "default" }],
    ["A=${", {}],
    ["# A=1\n=2\nnothing\n1A=2", {}],
    ["A=1\nA=2", { A: "2" }],
  ];

  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const variables = parseDotenv(text, (name) => (name === "OUT" ? "from outside" : undefined));
      assert.deepEqual(Object.fromEntries(variables), expected);
    });
  }
});
