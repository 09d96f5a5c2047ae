import type { Finding } from "./finding";

/** A part of a text and what to put there. Lines and columns count from one, columns in UTF-16 units; the end is behind it. */
export interface Replacement {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** A finding in a file beside the program. */
export interface FileFinding extends Finding {
  /** The policy that found it; what it is, says the rule of that name. */
  readonly policy: string;
  /** Whether it stops a build, or advises. */
  readonly level: "mandatory" | "advisory";
  /** Relative to where the check began, with forward slashes. */
  readonly file: string;
  /** Where it begins and ends, as in {@link Replacement}. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What mends it, where a machine can. */
  readonly edits?: readonly Replacement[];
}

/** A policy that was asked. */
export interface Rule {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  readonly severity: "low" | "medium" | "high" | "critical";
}

/** Something that could not be checked. The texts are half sentences. */
export interface FileTrouble {
  readonly file: string;
  readonly problem: string;
  readonly fix: string;
}

/** What a check of files found. */
export interface CheckReport {
  /** The version of this tool. */
  readonly version: string;
  readonly rules: readonly Rule[];
  /** By file, then by place. */
  readonly findings: readonly FileFinding[];
  readonly troubles: readonly FileTrouble[];
  /** How many files were read, and how many images stand in them. */
  readonly files: number;
  readonly images: number;
}

/** How many findings stop a build, and how many advise. */
export function countLevels(findings: readonly FileFinding[]): {
  readonly mandatory: number;
  readonly advisory: number;
} {
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  return { mandatory, advisory: findings.length - mandatory };
}
