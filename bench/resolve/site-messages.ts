import * as v from "valibot";

const orderSchema = v.object({
  registry: v.string(),
  tags: v.number(),
  repositories: v.number(),
  delay: v.number(),
  tls: v.boolean(),
});

/** The registry's executable, what it is to hold, the milliseconds each way to it, and whether it speaks TLS (and HTTP/2). */
export type SiteOrder = v.InferOutput<typeof orderSchema>;

const reportSchema = v.variant("kind", [
  v.object({
    kind: v.literal("ready"),
    host: v.string(),
    tls: v.boolean(),
    environment: v.record(v.string(), v.string()),
    filled: v.array(v.object({ path: v.string(), digest: v.string() })),
  }),
  v.object({ kind: v.literal("counts"), registry: v.number(), tokens: v.number() }),
]);

/** What a site says of itself. */
export type SiteReport = v.InferOutput<typeof reportSchema>;

export function parseOrder(text: string): SiteOrder {
  return v.parse(v.pipe(v.string(), v.parseJson(), orderSchema), text);
}

export function parseReport(message: unknown): SiteReport {
  return v.parse(reportSchema, message);
}
