import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { type Connector, readOwned, resourceId, type Vendor } from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";
import { service } from "@smarteros/tools-fastapi/provisioning";
import type { Tenant } from "@smarteros/tools-tenants";
import { type Exchange, principalOf } from "../exchange.ts";
import { refuseInvalidInput } from "../invalid-input.ts";
import { type Provisioning, requireProvisioning } from "../provisioning.ts";
import { failures, jsonOf } from "../responses.ts";
import { noSuchTenant, type TenantReader } from "../tenants.ts";
import { vendorFailure } from "../vendor-failure.ts";

// Where each vendor's part of a tenant is read, and where the tenant's row records it.
const places = [
  { vendor: "chatwoot", path: "/chatwoot/inbox", column: "chatwoot_inbox_id" },
  { vendor: "botpress", path: "/botpress/workspace", column: "botpress_workspace_id" },
  { vendor: "odoo", path: "/odoo/company", column: "odoo_company_id" },
  { vendor: "n8n", path: "/n8n/workflow", column: "n8n_project_id" },
  { vendor: "metabase", path: "/metabase/dashboard", column: "metabase_dashboard_id" },
] as const satisfies { vendor: Vendor; path: string; column: keyof Tenant }[];

export const vendorPaths = places.map(({ path }) => path);

const resource = z.object({
  service,
  external_id: z.string(),
  name: z.string().openapi({ description: "As the vendor has it now." }),
  state: z.enum(["active", "disabled", "incomplete"]),
  leftovers: z.array(z.string()).openapi({ description: "Further things that carry the tenant's id." }),
});

/** What a vendor has of a tenant at this moment, read there under the recorded id. */
export function vendorRoutes(tenants: TenantReader, provisioning: Provisioning | undefined) {
  const routes = new OpenAPIHono<Exchange>({ defaultHook: refuseInvalidInput });
  for (const { vendor, path, column } of places) {
    const route = createRoute({
      method: "get",
      path,
      summary: `What ${vendor} has of a tenant, read there now`,
      security: [{ assertion: [] }],
      request: { query: z.strictObject({ tenant_id: z.uuid("Not a tenant id. It is a UUID.") }) },
      responses: {
        200: jsonOf("As it is there", resource),
        ...failures("invalid_input", "unauthorized", "forbidden", "not_found", "conflict", "unavailable"),
        ...failures("upstream_error", "upstream_timeout"),
      },
    });
    routes.openapi(route, async (context) => {
      const { connectors } = requireProvisioning(provisioning);
      const { tenant_id: id } = context.req.valid("query");
      const { signal } = context.req.raw;
      const tenant = await tenants.find(id, principalOf(context), signal);
      if (!tenant) throw noSuchTenant();
      const recorded = tenant[column];
      if (recorded === null)
        throw new SmarterosError("not_found", `Nothing of this tenant is recorded at ${vendor}.`);
      const connector = connectors.configured[vendor] as Connector | undefined;
      if (!connector) throw new SmarterosError("unavailable", `${vendor} is not set up at the backend.`);
      const found = await readOwned(connector, resourceId[vendor].parse(recorded), id, signal).catch(
        (thrown) => {
          throw vendorFailure(thrown);
        },
      );
      if (!found)
        throw new SmarterosError("not_found", `${vendor} has nothing under the recorded id any more.`);
      const { name, state, leftovers } = found;
      return context.json(
        { service: vendor, external_id: String(found.id), name, state, leftovers: [...leftovers] },
        200,
      );
    });
  }
  return routes;
}
