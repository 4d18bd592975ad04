import { z } from "@hono/zod-openapi";
import { type ErrorCode, statusOf } from "@smarteros/core";

const failure = z
  .object({
    ok: z.literal(false),
    error: z.string().openapi({ description: "One code of a closed list." }),
    message: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    meta: z.object({ requestId: z.string() }),
  })
  .openapi("Failure");

/** Describes a JSON response of a route. */
export function jsonOf<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}

/** Describes the error responses of a route, grouped by status. */
export function failures(...codes: ErrorCode[]) {
  const byStatus = Object.groupBy(codes, (code) => String(statusOf[code]));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, those = []]) => [status, jsonOf(those.join(", "), failure)]),
  );
}
