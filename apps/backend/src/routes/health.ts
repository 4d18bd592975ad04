import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Health } from "../health.ts";
import type { RequestContext } from "../request-context.ts";
import { failures, jsonOf } from "../responses.ts";

const health = z
  .object({
    ok: z.boolean(),
    service: z.literal("backend"),
    version: z.string(),
    timestamp: z.string(),
    supabase: z.object({ ok: z.boolean(), latencyMs: z.int(), error: z.string().optional() }),
  })
  .openapi("Health");

const getHealth = createRoute({
  method: "get",
  path: "/health",
  summary: "Whether the backend and its database answer",
  security: [],
  responses: {
    200: jsonOf("Both answer", health),
    503: jsonOf("The database does not", health),
    ...failures("internal"),
  },
});

/** `GET /health`, without authentication. */
export function healthRoutes(check: () => Promise<Health>) {
  return new OpenAPIHono<RequestContext>().openapi(getHealth, async (context) => {
    const result = await check();
    return context.json(result, result.ok ? 200 : 503);
  });
}
