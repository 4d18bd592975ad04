import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { cursorAfter, pageOf, positionOf } from "@smarteros/core/cursor";
import { tenant, tenantSummary } from "@smarteros/tools-tenants";
import { refuseInvalidInput } from "../invalid-input.ts";
import { principalOf, type RequestContext } from "../request-context.ts";
import { failures, jsonOf } from "../responses.ts";
import { noSuchTenant, type TenantReader } from "../tenants.ts";

const security = [{ assertion: [] }];
const refusals = failures("invalid_input", "unauthorized", "forbidden", "unavailable");

const listTenants = createRoute({
  method: "get",
  path: "/tenants",
  summary: "The subject's active tenants, newest first; an administrator's are everybody's",
  security,
  request: {
    query: z.strictObject({
      limit: z
        .string()
        .regex(/^\d{1,3}$/, "A whole number from 1 to 100 is wanted.")
        .transform(Number)
        .pipe(z.int().min(1).max(100))
        .default(50)
        .openapi({ type: "integer", minimum: 1, maximum: 100, default: 50 }),
      cursor: z.string().max(200).optional().openapi({ description: "nextCursor of the page before." }),
    }),
  },
  responses: {
    200: jsonOf("A page", z.object({ tenants: z.array(tenantSummary), nextCursor: z.string().optional() })),
    ...refusals,
  },
});

const getTenant = createRoute({
  method: "get",
  path: "/tenants/{id}",
  summary: "One tenant; a foreign one is as if it were not there",
  security,
  request: { params: z.strictObject({ id: z.uuid("Not a tenant id. It is a UUID.") }) },
  responses: { 200: jsonOf("The tenant", z.object({ tenant })), ...refusals, ...failures("not_found") },
});

/** `GET /tenants` and `GET /tenants/:id`, for the tenants of the assertion's subject. */
export function tenantRoutes(tenants: TenantReader) {
  const routes = new OpenAPIHono<RequestContext>({ defaultHook: refuseInvalidInput });

  return routes
    .openapi(listTenants, async (context) => {
      const { limit, cursor } = context.req.valid("query");
      const after = cursor === undefined ? undefined : positionOf(cursor, "this list");
      const { signal } = context.req.raw;
      const rows = await tenants.list({ limit: limit + 1, after }, principalOf(context), signal);
      const { page, ...next } = pageOf(rows, limit, ({ created_at: createdAt, id }) =>
        cursorAfter({ createdAt, id }),
      );
      return context.json({ tenants: page, ...next }, 200);
    })
    .openapi(getTenant, async (context) => {
      const { id } = context.req.valid("param");
      const found = await tenants.find(id, principalOf(context), context.req.raw.signal);
      if (!found) throw noSuchTenant();
      return context.json({ tenant: found }, 200);
    });
}
