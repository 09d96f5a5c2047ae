/**
 * The JSON Schema of images.lock.json, made from the schema that reads it: `npm run schema` writes it, a test compares it. Editors
 * complete with it. What only a function can say (a day of the calendar, names that stand twice) is left to the tool.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { format, resolveConfig } from "prettier";
import * as v from "valibot";
import { entrySchema } from "../lock/entry";
import { fileSchema } from "../lock/parse";
import { projectRoot } from "../test/support/paths";

export const schemaPath = join(projectRoot, "schemas", "images.lock.schema.json");

/** The name of an entry, as far as a pattern can tell. */
const name = v.pipe(
  v.string(),
  v.metadata({ pattern: "^[^/@\\s]+/[^@:\\s]+:\\w[\\w.-]{0,127}( [a-z0-9]+/[a-z0-9_/.]+)?$" }),
);

/** The text of the schema's file. */
export async function renderSchema(): Promise<string> {
  const images = v.pipe(
    v.record(name, entrySchema),
    v.description(
      "Entries by the normalised reference with its tag: docker.io/library/nginx:1.27. Behind a space, the platform where one was chosen.",
    ),
  );
  const schema = toJsonSchema(v.strictObject({ ...fileSchema.entries, images }), {
    // With what stands behind a check that only a function can make.
    typeMode: "ignore",
    // Functions; beside each that matters, a pattern says what can be said.
    errorMode: "ignore",
  });
  const titled = {
    title: "images.lock.json",
    description: "Which digest each image reference got, since when and why, and which ones it had before.",
  };
  const { $schema, ...rest } = schema;
  const text = JSON.stringify({ $schema, ...titled, ...rest });
  return format(text, { ...(await resolveConfig(schemaPath)), parser: "json" });
}

if (require.main === module) {
  void renderSchema().then(async (text) => writeFile(schemaPath, text));
}
