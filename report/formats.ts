import { formatGithub } from "./check-github";
import { formatCheckJson } from "./check-json";
import { formatJunit } from "./check-junit";
import type { CheckReport } from "./check-report";
import { formatSarif } from "./check-sarif";
import { formatCheckText, type Paint } from "./check-text";

/** Every form in which a report can be had. Only the text for people has colours. */
export const reportFormats = {
  text: formatCheckText,
  json: formatCheckJson,
  sarif: formatSarif,
  junit: formatJunit,
  github: formatGithub,
} as const satisfies Record<string, (report: CheckReport, paint?: Paint) => string>;

export type ReportFormat = keyof typeof reportFormats;
