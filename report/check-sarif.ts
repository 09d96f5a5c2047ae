import { createHash } from "node:crypto";
import type { CheckReport, FileFinding, Replacement, Rule } from "./check-report";
import { jsonText } from "./json-text";
import { formatFinding, visible } from "./text";

/** GitHub sorts security findings by such a number, as CVSS has it. */
const securitySeverity: Readonly<Record<Rule["severity"], string>> = {
  low: "3.0",
  medium: "5.5",
  high: "8.0",
  critical: "9.5",
};

/**
 * A report as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. Each policy is a rule; its page is
 * named in the rule's help, since a `helpUri` has to be absolute.
 */
export function formatSarif(report: CheckReport): string {
  const { version, rules, findings, troubles } = report;
  const seen = new Map<string, number>();
  return jsonText({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "pinned-images", version, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: troubles.length === 0,
            toolExecutionNotifications: troubles.map(({ file, problem, fix }) => ({
              level: "error",
              message: { text: visible(`${problem}; ${fix}`) },
              locations: [{ physicalLocation: { artifactLocation: artifact(file) } }],
            })),
          },
        ],
        results: findings.map((finding) => resultOf(finding, rules, seen)),
      },
    ],
  });
}

function ruleOf({ name, description, severity }: Rule): object {
  const page = `docs/policies/${name}.md`;
  return {
    id: name,
    shortDescription: { text: description },
    help: { text: `${description} See ${page} of pulumi-pinned-images.` },
    properties: { "security-severity": securitySeverity[severity], tags: ["security", "container-image"] },
  };
}

function resultOf(finding: FileFinding, rules: readonly Rule[], seen: Map<string, number>): object {
  const { policy, level, file, path, fix, edits = [] } = finding;
  return {
    ruleId: policy,
    ruleIndex: rules.findIndex(({ name }) => name === policy),
    level: level === "mandatory" ? "error" : "warning",
    message: { text: formatFinding(finding) },
    locations: [
      {
        physicalLocation: { artifactLocation: artifact(file), region: regionOf(finding) },
        ...(path === "" ? {} : { logicalLocations: [{ fullyQualifiedName: visible(path) }] }),
      },
    ],
    partialFingerprints: { "pinnedImages/v1": fingerprint(finding, seen) },
    ...(edits.length === 0 ? {} : { fixes: [fixOf(file, fix, edits)] }),
  };
}

function fixOf(file: string, fix: string, edits: readonly Replacement[]): object {
  const replacements = edits.map((edit) => ({
    deletedRegion: regionOf(edit),
    insertedContent: { text: edit.text },
  }));
  return {
    description: { text: visible(fix) },
    artifactChanges: [{ artifactLocation: artifact(file), replacements }],
  };
}

function regionOf({ line, column, endLine, endColumn }: Omit<Replacement, "text">): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** A path as a URI reference: RFC 3986 has no place for blanks, controls, `%`, `#` and `?` in it. */
function artifact(file: string): object {
  const uri = file
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .split("/")
    .map((segment) => encodeURIComponent(segment))
    .join("/");
  return { uri, uriBaseId: "%SRCROOT%" };
}

/**
 * Says of two reports whether they mean the same finding. It knows nothing of lines, so that code above may come and go; what
 * stands alike in one file is told apart by its order.
 */
function fingerprint({ policy, file, path, found = "" }: FileFinding, seen: Map<string, number>): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([policy, file, path, found]))
    .digest("hex");
  const before = seen.get(hash) ?? 0;
  seen.set(hash, before + 1);
  return `${hash.slice(0, 32)}:${before + 1}`;
}
