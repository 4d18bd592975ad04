import assert from "node:assert/strict";
import { randomRut } from "../../packages/tools-tenants/src/testing.ts";
import type { Target, ToolResponse } from "./target.ts";

/** The name of tenants that checks create, chosen so that it is not mistaken for a customer. */
export const demoName = "SmarterOS seed check (demo)";

export type Tenant = { id: string; rut: string; [column: string]: unknown };

/** Returns the result of a call that must succeed. */
export function resultOf({ status, text, body }: ToolResponse): Record<string, unknown> {
  assert.equal(status, 200, text);
  assert.equal(body.ok, true, text);
  assert.ok(body.result, text);
  return body.result;
}

export const tenantOf = (response: ToolResponse): Tenant => resultOf(response).tenant as Tenant;

/** Fetches one list of tenants for all checks, because of the rate limit. */
export const listedTenants = (target: Target): Promise<ToolResponse> =>
  target.once("list of tenants", () => target.user.call("tenants.list"));

/** Creates the one demo tenant of a run, deleted after the checks. */
export const demoTenant = (target: Target): Promise<Tenant> =>
  target.once("demo tenant", () => createDemoTenant(target));

/** Creates a demo tenant and registers its deletion. */
export async function createDemoTenant(
  { user, afterwards }: Pick<Target, "user" | "afterwards">,
  services?: object,
): Promise<Tenant> {
  const args = { rut: randomRut(), businessName: demoName, ...(services ? { services } : {}) };
  const tenant = tenantOf(await user.call("tenants.create", args));
  afterwards(async () => resultOf(await user.call("tenants.delete", { id: tenant.id })));
  return tenant;
}
