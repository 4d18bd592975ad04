import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { refuseInvalidInput } from "../invalid-input.ts";
import type { RequestContext } from "../request-context.ts";
import { failures, jsonOf } from "../responses.ts";

const postValidate = createRoute({
  method: "post",
  path: "/validate",
  summary: "Whether a body arrives and is checked",
  security: [],
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ ping: z.literal(true) }) } },
    },
  },
  responses: {
    200: jsonOf("It does", z.object({ ok: z.literal(true) })),
    ...failures("invalid_input", "invalid_json", "payload_too_large", "unsupported_media_type"),
  },
});

/** `POST /validate`, without authentication; a probe sends `{"ping": true}`. */
export function validateRoutes() {
  return new OpenAPIHono<RequestContext>({ defaultHook: refuseInvalidInput }).openapi(
    postValidate,
    (context) => context.json({ ok: true as const }, 200),
  );
}
