import type { CheckReport, FileFinding } from "../../../report";
import { digestOf } from "../../lock/support/entries";

const rules = [
  {
    name: "image-pinned-by-digest",
    description: "Container images must be pinned by digest.",
    severity: "high",
  },
  {
    name: "image-tag-stated",
    description: "The tag beside a digest must say which version it is.",
    severity: "low",
  },
  { name: "exceptions-current", description: "Exceptions must be current.", severity: "medium" },
] as const;

const pinned = `nginx:1.27@${digestOf("nginx")}`;

const tagOnly: FileFinding = {
  policy: "image-pinned-by-digest",
  level: "mandatory",
  file: "deploy/docker-compose.prod.yml",
  line: 4,
  column: 12,
  endLine: 4,
  endColumn: 22,
  path: "services.web.image",
  found: "nginx:1.27",
  problem: "is pinned by tag only",
  why: "a tag can be moved after review; a digest cannot",
  fix: `image: ${pinned}`,
  edits: [{ line: 4, column: 12, endLine: 4, endColumn: 22, text: pinned }],
};

const hostile = `a\u001b[31m\u202e]]><x a="1">&'%0A::error::\n,:\ud800\ufffe`;

function report(part: Partial<CheckReport>): CheckReport {
  return { version: "1.2.3", rules, findings: [], troubles: [], files: 3, images: 7, ...part };
}

/** Reports by the name of the recorded file that each format gives. */
export const reports: Readonly<Record<string, CheckReport>> = {
  clean: report({}),
  findings: report({
    findings: [
      tagOnly,
      { ...tagOnly, line: 9, endLine: 9, path: "services.proxy.image" },
      {
        ...tagOnly,
        policy: "image-tag-stated",
        level: "advisory",
        file: "Dockerfile",
        line: 1,
        column: 6,
        endLine: 2,
        endColumn: 3,
        path: "FROM",
        found: `nginx@${digestOf("nginx")}`,
        problem: "has no tag beside its digest",
        fix: "state the tag that the digest was taken from",
        edits: [],
      },
      {
        ...tagOnly,
        path: "services.db.image",
        found: "redis@sha256:abc",
        problem: ": the digest has 3 hex characters, sha256 needs 64",
        edits: [],
      },
    ],
    troubles: [{ file: "big.yaml", problem: "has 60 MB", fix: "exclude it" }],
  }),
  advice: report({ findings: [{ ...tagOnly, level: "advisory" }], files: 1, images: 1 }),
  hostile: report({
    findings: [
      {
        ...tagOnly,
        file: `charts/${hostile} #?.yaml`,
        path: hostile,
        found: hostile,
        problem: hostile,
        why: hostile,
        fix: hostile,
        edits: [{ line: 4, column: 12, endLine: 4, endColumn: 22, text: hostile }],
      },
    ],
    troubles: [{ file: hostile, problem: hostile, fix: hostile }],
  }),
};
