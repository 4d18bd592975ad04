import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { SmarterosError } from "@smarteros/core";
import { vendorFailure } from "@smarteros/orchestration";
import * as wire from "@smarteros/tools-fastapi/provisioning";
import { requireCapability } from "../authenticate.ts";
import { refuseInvalidInput } from "../invalid-input.ts";
import type { N8nWebhooks } from "../n8n-webhooks.ts";
import { type Provisioning, requireProvisioning } from "../provisioning.ts";
import { principalOf, type RequestContext } from "../request-context.ts";
import { failures, jsonOf } from "../responses.ts";
import { noSuchTenant, type TenantReader } from "../tenants.ts";

const security = [{ assertion: [] }];
const refusals = failures(
  "invalid_input",
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "unavailable",
);

const trigger = createRoute({
  method: "post",
  path: "/n8n/workflow",
  summary: "Call a registered workflow of a tenant once, signed, with a delivery id",
  security,
  request: {
    body: { required: true, content: { "application/json": { schema: wire.triggerRequest } } },
  },
  responses: {
    200: jsonOf("The workflow's response, whatever its status", wire.triggerResponse),
    ...refusals,
    ...failures("upstream_error", "upstream_timeout"),
  },
});

const register = createRoute({
  method: "put",
  path: "/n8n/workflow",
  summary: "Register a workflow of a tenant by its webhook's path",
  security,
  request: {
    body: { required: true, content: { "application/json": { schema: wire.registerRequest } } },
  },
  responses: { 200: jsonOf("The registration", wire.registration), ...refusals },
});

/** `POST /n8n/workflow` calls a registered workflow of a tenant; `PUT` registers one. */
export function n8nRoutes(
  tenants: TenantReader,
  webhooks: N8nWebhooks,
  provisioning: Provisioning | undefined,
) {
  const routes = new OpenAPIHono<RequestContext>({ defaultHook: refuseInvalidInput });

  return routes
    .openapi(trigger, async (context) => {
      requireCapability(context, "write");
      const { connectors } = requireProvisioning(provisioning);
      const { tenant_id: tenantId, workflow, payload, delivery_id } = context.req.valid("json");
      const { signal } = context.req.raw;
      const tenant = await tenants.find(tenantId, principalOf(context), signal);
      if (!tenant) throw noSuchTenant();
      if (!tenant.active) throw new SmarterosError("conflict", "The tenant is deleted: its workflows rest.");
      const path = await webhooks.path(tenantId, workflow, signal);
      if (path === undefined) throw notRegistered(workflow);
      const { n8n } = connectors.configured;
      if (!n8n) {
        const names = connectors.missing.n8n?.join(", ");
        throw new SmarterosError("unavailable", `n8n is not set up at the backend: ${names} missing.`);
      }
      const delivery = { tenantId, path, deliveryId: delivery_id, payload };
      const response = await n8n.trigger(delivery, signal).catch((thrown) => {
        throw vendorFailure(thrown);
      });
      return context.json({ ...response, delivery_id }, 200);
    })
    .openapi(register, async (context) => {
      requireCapability(context, "admin");
      const { tenant_id: tenantId, workflow, path } = context.req.valid("json");
      const { signal } = context.req.raw;
      const { userId } = principalOf(context);
      if (!(await tenants.find(tenantId, principalOf(context), signal))) throw noSuchTenant();
      const row = await webhooks.register({ tenantId, workflow, path, registeredBy: userId }, signal);
      return context.json(
        {
          tenant_id: row.tenant_id,
          workflow: row.workflow,
          path: row.path,
          registered_by: row.registered_by,
          updated_at: row.updated_at,
        },
        200,
      );
    });
}

function notRegistered(workflow: string) {
  const message = `No workflow "${workflow}" is registered for this tenant. Provisioning registers its own; an administrator registers others.`;
  return new SmarterosError("not_found", message);
}
