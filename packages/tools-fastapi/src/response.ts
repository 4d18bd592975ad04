import * as z from "zod";

/** The result of a backend tool: the HTTP status, the body as JSON or text (null where empty), milliseconds. */
export const backendResponse = z.object({
  status: z.int(),
  data: z.unknown(),
  latencyMs: z.int().min(0),
});
