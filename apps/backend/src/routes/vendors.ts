import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { type Connector, readOwned, resourceId, vendorDetails, vendors } from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";
import { vendorFailure } from "@smarteros/orchestration";
import { service } from "@smarteros/tools-fastapi/provisioning";
import { refuseInvalidInput } from "../invalid-input.ts";
import { type Provisioning, requireProvisioning } from "../provisioning.ts";
import { principalOf, type RequestContext } from "../request-context.ts";
import { failures, jsonOf } from "../responses.ts";
import { noSuchTenant, type TenantReader } from "../tenants.ts";

export const vendorPaths = vendors.map((vendor) => vendorDetails[vendor].resourcePath);

const resource = z.object({
  service,
  external_id: z.string(),
  name: z.string().openapi({ description: "As the vendor has it now." }),
  state: z.enum(["active", "disabled", "incomplete"]),
  leftovers: z.array(z.string()).openapi({ description: "Further things that carry the tenant's id." }),
});

/** The route of each vendor that reads a tenant's resource there, by the recorded id. */
export function vendorRoutes(tenants: TenantReader, provisioning: Provisioning | undefined) {
  const routes = new OpenAPIHono<RequestContext>({ defaultHook: refuseInvalidInput });
  for (const vendor of vendors) {
    const route = createRoute({
      method: "get",
      path: vendorDetails[vendor].resourcePath,
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
      const { connectors, store } = requireProvisioning(provisioning);
      const { tenant_id: id } = context.req.valid("query");
      const { signal } = context.req.raw;
      const tenant = await tenants.find(id, principalOf(context), signal);
      if (!tenant) throw noSuchTenant();
      const recorded = (await store.services(id)).find((service) => service.vendor === vendor)?.externalId;
      if (!recorded)
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
