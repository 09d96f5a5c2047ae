import assert from "node:assert/strict";
import fc from "fast-check";
import { emptyLock, formatLock, LockError, parseLock, viewLock, type LockErrorCode } from "../../lock";
import { at, digestOf, entryWith, index } from "./support/entries";

const name = "docker.io/library/nginx:1.27";

/** A lock in which every field is there once in each place where it may be. */
const full = formatLock({
  $schema: "https://example.com/schema.json",
  images: new Map([
    [
      name,
      entryWith({
        platforms: ["linux/amd64"],
        tagMovedAt: at("12:00"),
        how: "promote",
        by: "Ada <ada@example.com>",
        reason: "CVE-2026-1234",
        from: "images.staging.lock.json",
        signatures: {
          verifiedAt: at("12:00"),
          by: [{ who: "key SHA256:x", how: "key", at: at("09:00") }],
          evidence: "AAAA",
        },
        held: [
          {
            digest: digestOf("bad"),
            heldAt: at("10:00"),
            by: "Ada",
            reason: "crashes",
            releasedAt: at("11:00"),
            releasedBy: "Bob",
            releaseReason: "mended",
          },
        ],
        history: [
          {
            digest: digestOf("bad"),
            mediaType: index,
            platforms: ["linux/amd64"],
            lockedAt: at("09:00"),
            replacedAt: at("10:00"),
            how: "pin",
            by: "Ada",
            reason: "first",
            from: "elsewhere",
          },
        ],
      }),
    ],
  ]),
});

function errorOf(text: string): LockError {
  try {
    parseLock(text, "images.lock.json");
  } catch (error) {
    assert.ok(error instanceof LockError, String(error));
    return error;
  }
  throw new Error("it was taken for a lock");
}

/** `line:column` of an index of a text. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

function assertRefused(text: string, place: string, problem: string, code: LockErrorCode = "invalid"): void {
  const error = errorOf(text);
  assert.equal(error.message, `images.lock.json:${place}: ${problem}`);
  assert.equal(error.code, code);
  assert.equal(`${error.line}:${error.column}`, place);
  assert.equal(error.path, "images.lock.json");
  assert.notEqual(error.fix, "");
}

describe("parseLock reads", () => {
  it("every field", () => {
    assert.equal(formatLock(parseLock(full)), full);
  });
  it("an entry with no more than it must have", () => {
    assert.deepEqual(parseLock(formatLock({ images: new Map([[name, entryWith()]]) })), {
      images: new Map([[name, entryWith()]]),
    });
  });
  it("a lock with nothing in it", () => {
    assert.deepEqual(parseLock('{"version":1,"images":{}}'), emptyLock());
  });
  it("lines that end in CRLF, and writes them with LF", () => {
    assert.equal(formatLock(parseLock(full.replaceAll("\n", "\r\n"))), full);
  });
  it("any white space and any order of fields, and writes its own", () => {
    const loose = JSON.stringify(JSON.parse(full), undefined, "\t").replaceAll('": ', '" \n:\t');
    assert.equal(formatLock(parseLock(loose)), full);
  });
  it("strings with the syntax of JSON in them", () => {
    const reason = String.raw`": { "digest": [ \" \\`;
    const lock = { images: new Map([[name, entryWith({ reason })]]) };
    assert.deepEqual(parseLock(formatLock(lock)), lock);
  });
  it("a string of 20 MB", () => {
    const $schema = "a".repeat(20_000_000);
    assert.equal(parseLock(JSON.stringify({ $schema, version: 1, images: {} })).$schema, $schema);
  });
});

describe("parseLock refuses what is no JSON, and says where", () => {
  const handFix = "mend it by hand, or take the last good one back: git checkout -- <the file>";
  const conflictFix = "keep one side of each entry as a whole, and remove the lines of <, = and >";
  const deep = 100_000;
  // what, text, place, problem, fix
  const cases: readonly (readonly [string, string, string, string, string])[] = [
    ["an empty file", "", "1:1", "is empty", handFix],
    ["white space", " \n\n", "1:1", "is empty", handFix],
    [
      "a byte-order mark",
      `\ufeff${full}`,
      "1:1",
      "starts with a byte-order mark",
      "save it as UTF-8 without one",
    ],
    [
      "a file that was cut off",
      full.slice(0, full.indexOf('"mediaType"')),
      "7:7",
      "is no JSON: it ends too early",
      handFix,
    ],
    [
      "a string that was cut off",
      '{\n  "version": 1,\n  "ima',
      "3:3",
      String.raw`is no JSON: there is something wrong at "\"ima"`,
      handFix,
    ],
    ["two values", `${full}{}`, "54:1", 'is no JSON: there is something wrong at "{}"', handFix],
    [
      "a comment",
      '{\n  // no\n  "version": 1\n}',
      "2:3",
      'is no JSON: there is something wrong at "//"',
      handFix,
    ],
    [
      "a comma too many",
      '{\n  "version": 1,\n}',
      "3:1",
      'is no JSON: there is something wrong at "}"',
      handFix,
    ],
    [
      "a comma too few",
      '{\n  "version": 1\n  "images": {}\n}',
      "3:3",
      String.raw`is no JSON: there is something wrong at "\"images\":"`,
      handFix,
    ],
    [
      "single quotes",
      "{'version': 1}",
      "1:2",
      `is no JSON: there is something wrong at "'version':"`,
      handFix,
    ],
    [
      "a tab in a string",
      '{\n  "version": 1, "a": "\t"}',
      "2:22",
      String.raw`is no JSON: there is something wrong at "\""`,
      handFix,
    ],
    [
      "an unknown escape",
      String.raw`{"a": "\x"}`,
      "1:7",
      String.raw`is no JSON: there is something wrong at "\"\\x\"}"`,
      handFix,
    ],
    [
      "an escape sequence of a terminal",
      '{"a": \u009b31m}',
      "1:7",
      String.raw`is no JSON: there is something wrong at "\u009b31m}"`,
      handFix,
    ],
    [
      "objects that never close, 100,000 deep",
      '{"a":'.repeat(deep),
      "1:1",
      String.raw`is no JSON: there is something wrong at "{\"a\":{\"a\":{\"a\":{\"a\":"`,
      handFix,
    ],
    [
      "a merge conflict",
      '{\n<<<<<<< HEAD\n  "version": 1,\n=======\n>>>>>>> main\n}',
      "2:1",
      "has a merge conflict of git",
      conflictFix,
    ],
    [
      "one with CRLF",
      "{\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> main\r\n}",
      "2:1",
      "has a merge conflict of git",
      conflictFix,
    ],
    [
      "half a merge conflict",
      '{\n  "version": 1,\n=======\n  "images": {}\n}',
      "3:1",
      "has a merge conflict of git",
      conflictFix,
    ],
    [
      "a merge conflict with its base",
      '{\n  "version": 1,\n||||||| 1eb3794\n=======\n}',
      "3:1",
      "has a merge conflict of git",
      conflictFix,
    ],
  ];
  for (const [what, text, place, problem, fix] of cases) {
    it(what, () => {
      assertRefused(text, place, problem, "syntax");
      assert.equal(errorOf(text).fix, fix);
    });
  }
});

describe("parseLock refuses what is no lock", () => {
  const deep = 100_000;
  // what, text, place, problem
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["a list", "[]", "1:1", "the lock is an array where an object was expected"],
    ["null", "null", "1:1", "the lock is null where an object was expected"],
    ["a number", "1", "1:1", "the lock is 1 where an object was expected"],
    ["a string", '"lock"', "1:1", 'the lock is "lock" where an object was expected'],
    [
      "lists, 100,000 deep",
      "[".repeat(deep) + "]".repeat(deep),
      "1:1",
      "the lock is an array where an object was expected",
    ],
    ["no version", '{"images": {}}', "1:1", "version is missing"],
    ["version 0", '{"version": 0, "images": {}}', "1:13", "version is 0 where 1 was expected"],
    ["version as text", '{"version": "1", "images": {}}', "1:13", 'version is "1" where 1 was expected'],
    ["no images", '{"version": 1}', "1:1", "images is missing"],
    [
      "a list of images",
      '{"version": 1, "images": []}',
      "1:26",
      "images is an array where an object was expected",
    ],
    [
      "null for images",
      '{"version": 1, "images": null}',
      "1:26",
      "images is null where an object was expected",
    ],
    [
      "an unknown field",
      '{"version": 1, "images": {}, "policies": {}}',
      "1:42",
      "policies is no field of a lock",
    ],
    [
      "a field that objects inherit",
      '{"version": 1, "images": {}, "toString": 1}',
      "1:42",
      "toString is no field of a lock",
    ],
    [
      "__proto__ as a field",
      '{"version": 1, "images": {}, "__proto__": {}}',
      "1:43",
      "__proto__ is no field of a lock",
    ],
    [
      "a number for $schema",
      '{"$schema": 1, "version": 1, "images": {}}',
      "1:13",
      "$schema is 1 where a string was expected",
    ],
    [
      "an entry 100,000 deep",
      `{"version": 1, "images": {"${name}":\n${'{"a":'.repeat(deep)}1${"}".repeat(deep)}}}`,
      "2:1",
      `images["${name}"].digest is missing`,
    ],
  ];
  for (const [what, text, place, problem] of cases) {
    it(what, () => {
      assertRefused(text, place, problem);
    });
  }

  it("a later version, whatever else it has", () => {
    const text = '{\n  "version": 2,\n  "pictures": []\n}';
    assertRefused(text, "2:14", "is of version 2; this tool knows version 1", "version");
    assert.equal(errorOf(text).fix, "update pulumi-pinned-images");
  });
});

describe("parseLock refuses names that are no normalised reference", () => {
  const names = [
    "nginx",
    "nginx:1.27",
    "docker.io/library/nginx",
    "",
    "__proto__",
    "constructor",
    "a\u009bb",
    "x".repeat(400),
  ];
  for (const wrong of names) {
    const shown = wrong.length > 300 ? `${wrong.slice(0, 300)}…` : wrong;
    it(JSON.stringify(wrong.slice(0, 40)), () => {
      const text = `{"version": 1, "images": {\n  ${JSON.stringify(wrong)}: {}}}`;
      const column = JSON.stringify(wrong).length + 5;
      const quoted = JSON.stringify(shown).replace("\u009b", String.raw`\u009b`);
      assertRefused(text, `2:${column}`, `${quoted} is no normalised reference with a tag`);
      assert.equal(errorOf(text).fix, "write it out, as pinned-images does: docker.io/library/nginx:1.27");
    });
  }
});

describe("parseLock refuses names that stand twice", () => {
  // what, a text that stands once, what it becomes, the second name
  const cases: readonly (readonly [string, string, string, string])[] = [
    ["at the top", '"version": 1,', '"version": 1, "version": 1,', '"version"'],
    ["written with an escape", '"version": 1,', String.raw`"version": 1, "\u0076ersion": 1,`, '"version"'],
    ["an image", `"${name}": {`, `"${name}": {},\n"${name}": {`, `"${name}"`],
    [
      "in an entry",
      '"lockedAt": "2026-11-21T10:00:00Z",',
      '"lockedAt": "2026-11-21T10:00:00Z",\n"lockedAt": "x",',
      '"lockedAt"',
    ],
    ["with space before the colon", '"heldAt": ', '"heldAt" \t\r\n: "x", "heldAt" : ', '"heldAt"'],
    ["in the history", '"replacedAt": ', '"replacedAt": "x", "replacedAt": ', '"replacedAt"'],
    ["__proto__", '"version": 1,', '"version": 1, "__proto__": 1, "__proto__": 2,', '"__proto__"'],
    [
      "100,000 deep",
      '"version": 1,',
      `"version": 1, "a": ${'{"a":'.repeat(100_000)}{"b":1,"b":2}${"}".repeat(100_000)},`,
      '"b"',
    ],
  ];
  for (const [what, once, twice, second] of cases) {
    it(what, () => {
      const text = full.replace(once, () => twice);
      assert.notEqual(text, full);
      const start = full.indexOf(once);
      const escaped = what.includes("escape") ? String.raw`"\u0076ersion"` : second;
      const offset = text.lastIndexOf(escaped, start + twice.length);
      assertRefused(text, placeOf(text, offset), `${second} stands twice`);
      assert.equal(errorOf(text).fix, "keep the one that is right, and remove the other");
    });
  }

  it("but not when they stand in different objects, or in strings", () => {
    const reason = '"digest": "a", "digest": "b"';
    const lock = { images: new Map([[name, entryWith({ reason, by: ': "x": ' })]]) };
    assert.deepEqual(parseLock(formatLock(lock)), lock);
  });
});

describe("parseLock refuses a wrong value in any field", () => {
  const entry = `images["${name}"]`;
  const wrongWords = "has control characters";
  const long = "x".repeat(1001);
  /** JSON of a wrong value → what is wrong with it. */
  type Wrong = readonly (readonly [string, string])[];
  const noString: Wrong = [
    ["3", "is 3 where a string was expected"],
    ["null", "is null where a string was expected"],
    ["true", "is true where a string was expected"],
    ["[]", "is an array where a string was expected"],
    ["{}", "is an object where a string was expected"],
  ];
  const digests: Wrong = [
    ...noString,
    ['""', 'is "": nothing stands behind "@"; a digest was expected'],
    ['"sha256:abc"', 'is "sha256:abc": the digest has 3 hex characters, sha256 needs 64'],
    ['"md5:abc"', 'is "md5:abc": unknown algorithm "md5"'],
    [`"sha256:${"A".repeat(64)}"`, `is "sha256:${"A".repeat(53)}…": uppercase "A" at character 1`],
  ];
  const times: Wrong = [
    ...noString,
    ['"2026-11-21"', 'is "2026-11-21": is no time like 2026-11-21T10:00:00Z'],
    ['"2026-02-30T10:00:00Z"', 'is "2026-02-30T10:00:00Z": is no time like 2026-11-21T10:00:00Z'],
  ];
  const words: Wrong = [
    ...noString,
    ['""', 'is "": is empty'],
    ['"a\\nb"', String.raw`is "a\nb": ${wrongWords}`],
    ['"\\u001b[31m"', String.raw`is "\u001b[31m": ${wrongWords}`],
    ['"\u202egnp"', String.raw`is "\u202egnp": ${wrongWords}`],
    [`"${long}"`, `is "${long.slice(0, 60)}…": has more than 1,000 characters`],
  ];
  const mediaTypes: Wrong = [
    ...noString,
    ['"index"', 'is "index": is no media type'],
    ['"a/b; charset=x"', 'is "a/b; charset=x": is no media type'],
    [`"a/${"b".repeat(254)}"`, `is "a/${"b".repeat(58)}…": has more than 255 characters`],
  ];
  const hows: Wrong = ['"update"', "3", "null", "[]"].map((value) => [
    value,
    `is ${value === "[]" ? "an array" : value} where "pin" or "refresh" or "rollback" or "promote" was expected`,
  ]);
  const signerKinds: Wrong = ['"pin"', "3"].map((value) => [
    value,
    `is ${value} where "key" or "identity" was expected`,
  ]);
  const evidence: Wrong = [
    ...noString,
    ['""', 'is "": is no base64'],
    ['"AA==AA"', 'is "AA==AA": is no base64'],
    ['"-_"', 'is "-_": is no base64'],
    [`"${"A".repeat(65_537)}"`, `is "${"A".repeat(60)}…": has more than 65,536 characters`],
  ];
  const lists: Wrong = ['"x"', "3", "null", "{}"].map((value) => [
    value,
    `is ${value === "{}" ? "an object" : value} where an array was expected`,
  ]);
  const platformLists: Wrong = [
    ...lists,
    [
      JSON.stringify(Array.from({ length: 201 }, () => "linux/amd64")),
      "is an array: has more than 200 elements",
    ],
  ];
  const emptyLists: Wrong = [...lists, ["[]", "is an array: is empty"]];

  // where, field, in which occurrence of the field's name it stands, wrong values
  const fields: readonly (readonly [string, string, number, Wrong])[] = [
    [entry, "digest", 0, digests],
    [entry, "mediaType", 0, mediaTypes],
    [entry, "platforms", 0, platformLists],
    [entry, "lockedAt", 0, times],
    [entry, "verifiedAt", 0, times],
    [entry, "tagMovedAt", 0, times],
    [entry, "how", 0, hows],
    [entry, "by", 0, words],
    [entry, "reason", 0, words],
    [entry, "from", 0, words],
    [`${entry}.signatures`, "verifiedAt", 1, times],
    [`${entry}.signatures`, "by", 1, emptyLists],
    [`${entry}.signatures.by[0]`, "who", 0, words],
    [`${entry}.signatures.by[0]`, "how", 1, signerKinds],
    [`${entry}.signatures.by[0]`, "at", 0, times],
    [`${entry}.signatures`, "evidence", 0, evidence],
    [entry, "held", 0, emptyLists],
    [entry, "history", 0, emptyLists],
    [`${entry}.held[0]`, "digest", 1, digests],
    [`${entry}.held[0]`, "heldAt", 0, times],
    [`${entry}.held[0]`, "by", 2, words],
    [`${entry}.held[0]`, "reason", 1, words],
    [`${entry}.held[0]`, "releasedAt", 0, times],
    [`${entry}.held[0]`, "releasedBy", 0, words],
    [`${entry}.held[0]`, "releaseReason", 0, words],
    [`${entry}.history[0]`, "digest", 2, digests],
    [`${entry}.history[0]`, "mediaType", 1, mediaTypes],
    [`${entry}.history[0]`, "platforms", 1, platformLists],
    [`${entry}.history[0]`, "lockedAt", 1, times],
    [`${entry}.history[0]`, "replacedAt", 0, times],
    [`${entry}.history[0]`, "how", 2, hows],
    [`${entry}.history[0]`, "by", 3, words],
    [`${entry}.history[0]`, "reason", 2, words],
    [`${entry}.history[0]`, "from", 1, words],
  ];
  const required = new Set([
    "digest",
    "mediaType",
    "platforms",
    "lockedAt",
    "verifiedAt",
    "heldAt",
    "replacedAt",
    "who",
    "evidence",
  ]);
  /** What is optional in an entry, and not among its signatures. */
  const requiredInSignatures = new Set(["by", "how"]);
  const optionalInHistory = new Set(["mediaType", "platforms"]);

  /** The offsets of a field's name, and of what stands behind its value. */
  function spanOf(field: string, occurrence: number): { start: number; value: number; end: number } {
    let start = -1;
    for (let seen = 0; seen <= occurrence; seen++) start = full.indexOf(`"${field}": `, start + 1);
    assert.notEqual(start, -1);
    const value = start + field.length + 4;
    const indent = start - full.lastIndexOf("\n", start) - 1;
    const opens = /[[{]$/.test(full.slice(value, full.indexOf("\n", value)));
    const closing = full.indexOf(`\n${" ".repeat(indent)}]`, value) + indent + 2;
    const lineEnd = full.indexOf("\n", value);
    const end = opens ? closing : lineEnd - (full[lineEnd - 1] === "," ? 1 : 0);
    return { start, value, end };
  }

  for (const [where, field, occurrence, wrong] of fields) {
    const { start, value, end } = spanOf(field, occurrence);
    it(`${where}.${field}: ${wrong.length} wrong values`, () => {
      for (const [json, problem] of wrong) {
        const text = full.slice(0, value) + json + full.slice(end);
        assertRefused(text, placeOf(text, value), `${where}.${field} ${problem}`);
      }
    });

    const mayMiss =
      (!required.has(field) || (where.includes("history") && optionalInHistory.has(field))) &&
      !(where.includes("signatures") && requiredInSignatures.has(field));
    it(`${where}.${field}: ${mayMiss ? "may" : "must not"} be missing`, () => {
      const text = (full.slice(0, start) + full.slice(end).replace(/^,\s*/, "")).replace(
        /,(\s*[}\]])/g,
        "$1",
      );
      if (mayMiss) {
        assert.equal(parseLock(text).images.size, 1);
      } else {
        // The nearest thing that is there: what the field is missing from.
        const list = field === "evidence" ? full.indexOf("[", full.indexOf('"signatures"')) : start;
        const around = full.lastIndexOf("{", list);
        assertRefused(text, placeOf(text, around), `${where}.${field} is missing`);
      }
    });
  }

  for (const [where, occurrence] of [
    [entry, 0],
    [`${entry}.held[0]`, 1],
    [`${entry}.history[0]`, 2],
  ] as const) {
    for (const unknown of ["digset", "toString", "__proto__", "constructor"]) {
      it(`${where}: ${unknown} is no field`, () => {
        const { start } = spanOf("digest", occurrence);
        const added = `"${unknown}": `;
        const text = `${full.slice(0, start)}${added}1, ${full.slice(start)}`;
        assertRefused(text, placeOf(text, start + added.length), `${where}.${unknown} is no field of a lock`);
      });
    }
  }

  it("names the element of a list", () => {
    const text = full.replace('["linux/amd64"]', '["linux/amd64",\n  "Linux/amd64"]');
    const problem = `${entry}.platforms[1] is "Linux/amd64": is no platform like linux/amd64`;
    assertRefused(text, placeOf(text, text.indexOf('"Linux/amd64"')), problem);
  });

  it("an entry that is none", () => {
    for (const [json, problem] of [
      ["3", "is 3 where an object was expected"],
      ["null", "is null where an object was expected"],
      ["[]", ".digest is missing"],
    ] as const) {
      const text = `{"version": 1, "images": {"${name}": ${json}}}`;
      assertRefused(
        text,
        placeOf(text, text.indexOf(`: ${json}`) + 2),
        `${entry}${problem.startsWith(".") ? "" : " "}${problem}`,
      );
    }
  });
});

describe("parseLock refuses a digest that is held", () => {
  const bad = digestOf("bad");
  const held = { digest: bad, heldAt: at("11:00"), reason: "crashes" };
  it("which a bot or a merge brought back", () => {
    const text = formatLock({ images: new Map([[name, entryWith({ digest: bad, held: [held] })]]) });
    const problem = `images["${name}"].digest was rolled back on 2026-11-21 and is held: crashes`;
    assertRefused(text, "5:17", problem, "held");
    assert.throws(() => viewLock(text).get(name), { code: "held" });
  });
  it("but not one that was released", () => {
    const entry = entryWith({ digest: bad, held: [{ ...held, releasedAt: at("12:00") }] });
    assert.equal(parseLock(formatLock({ images: new Map([[name, entry]]) })).images.size, 1);
  });
});

describe("parseLock answers any text with a lock or a LockError", () => {
  const isHandled = (text: string): boolean => {
    try {
      parseLock(text);
      return true;
    } catch (error) {
      return error instanceof LockError && (error.line ?? 0) >= 1 && (error.column ?? 0) >= 1;
    }
  };
  it("text of every kind", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), isHandled));
  });
  it("JSON of every kind", () => {
    fc.assert(fc.property(fc.json(), isHandled));
  });
  it("a lock with something else in one place", () => {
    const anywhere = fc.nat(full.length);
    const else_ = fc.oneof(
      fc.string({ maxLength: 5 }),
      fc.constantFrom("{", "}", '"', ",", "\\", "\n", ":", "[", "null"),
    );
    fc.assert(
      fc.property(anywhere, fc.nat(10), else_, (from, length, text) =>
        isHandled(full.slice(0, from) + text + full.slice(from + length)),
      ),
      { numRuns: 1000 },
    );
  });
});

describe("viewLock", () => {
  const broken = full.replace(
    '"docker.io/library/nginx:1.27": {',
    `"docker.io/library/alpine:3": {\n"digest": 3\n},\n"${name}": {`,
  );

  it("gives entries by their names, as parseLock does", () => {
    const view = viewLock(full);
    assert.deepEqual(view.names, [name]);
    assert.deepEqual(view.get(name), parseLock(full).images.get(name));
    assert.equal(view.get(name), view.get(name));
  });
  it("has nothing under a name that is not there, nor under what objects inherit", () => {
    for (const absent of ["docker.io/library/nginx:1.28", "", "__proto__", "toString", "constructor"]) {
      assert.equal(viewLock(full).get(absent), undefined);
    }
  });
  it("finds what is wrong with an entry when it is asked for, every time", () => {
    const view = viewLock(broken, "images.lock.json");
    assert.ok(view.get(name));
    const problem =
      'images.lock.json:6:11: images["docker.io/library/alpine:3"].digest is 3 where a string was expected';
    for (let time = 0; time < 2; time++) {
      assert.throws(() => view.get("docker.io/library/alpine:3"), { code: "invalid", message: problem });
    }
  });
  for (const [what, text] of [
    ["no JSON", "{"],
    ["a later version", '{"version": 2}'],
    ["no lock", "[]"],
    [
      "a name that stands twice anywhere",
      full.replace('"replacedAt": ', '"replacedAt": "x", "replacedAt": '),
    ],
  ] as const) {
    it(`refuses ${what} at once`, () => {
      assert.throws(() => viewLock(text), LockError);
    });
  }
});
