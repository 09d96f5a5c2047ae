/**
 * The JSON Schema of what `pinned-images check --format json` prints, made from the schema that the report is typed by: `npm run
 * schema` writes it, a test compares it.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { format, resolveConfig } from "prettier";
import { checkJsonSchema } from "../report/check-json";
import { projectRoot } from "../test/support/paths";

export const reportSchemaPath = join(projectRoot, "schemas", "report.schema.json");

/** The text of the schema's file. */
export async function renderReportSchema(): Promise<string> {
  const { $schema, ...rest } = toJsonSchema(checkJsonSchema);
  const titled = {
    title: "pinned-images check --format json",
    description: "What a check of the files beside a program found.",
  };
  const text = JSON.stringify({ $schema, ...titled, ...rest });
  return format(text, { ...(await resolveConfig(reportSchemaPath)), parser: "json" });
}

if (require.main === module) {
  void renderReportSchema().then(async (text) => writeFile(reportSchemaPath, text));
}
