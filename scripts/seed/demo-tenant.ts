import assert from "node:assert/strict";
import { randomRut } from "../../packages/tools-tenants/src/testing.ts";
import type { Target, ToolResponse } from "./target.ts";

/** The name of what a check creates: no one takes it for a customer. */
export const demoName = "SmarterOS seed check (demo)";

export type Tenant = { id: string; rut: string; [column: string]: unknown };

/** Reads the result of a call that has to succeed. */
export function resultOf({ status, text, body }: ToolResponse): Record<string, unknown> {
  assert.equal(status, 200, text);
  assert.equal(body.ok, true, text);
  assert.ok(body.result, text);
  return body.result;
}

export const tenantOf = (response: ToolResponse): Tenant => resultOf(response).tenant as Tenant;

/** One list of tenants for all checks that look at a call: the calls of a minute are few. */
export const listedTenants = (target: Target): Promise<ToolResponse> =>
  target.once("list of tenants", () => target.user.call("tenants.list"));

/** The one demo tenant of a run, deleted when the checks have run. */
export const demoTenant = (target: Target): Promise<Tenant> =>
  target.once("demo tenant", () => createDemoTenant(target));

/** Creates a demo tenant, and sees to it that it is deleted. */
export async function createDemoTenant(
  { user, afterwards }: Pick<Target, "user" | "afterwards">,
  services?: object,
): Promise<Tenant> {
  const args = { rut: randomRut(), businessName: demoName, ...(services ? { services } : {}) };
  const tenant = tenantOf(await user.call("tenants.create", args));
  afterwards(async () => resultOf(await user.call("tenants.delete", { id: tenant.id })));
  return tenant;
}
