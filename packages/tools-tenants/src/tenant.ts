import { flagOf, type Vendor, vendorDetails, vendorNames, vendors } from "@smarteros/connectors/vendors";
import * as z from "zod";

/** Printable text: no control characters, lone surrogates, line separators or direction marks; SQL has the same rule. */
export const printable = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;

type Flag = (typeof flagOf)[Vendor];
const flags = vendors.map((vendor) => [
  flagOf[vendor],
  z.boolean().describe(`${vendorDetails[vendor].purpose} (${vendorNames[vendor]}).`),
]);

/** One flag for each vendor's service: `true` turns it on. */
export const serviceFlags = z.strictObject(Object.fromEntries(flags) as Record<Flag, z.ZodBoolean>);

/** A tenant's row, by the names of its columns. */
export const tenant = z.object({
  id: z.uuid(),
  rut: z.string(),
  business_name: z.string(),
  clerk_user_id: z.string(),
  services_enabled: serviceFlags,
  chatwoot_inbox_id: z.int().nullable(),
  botpress_workspace_id: z.string().nullable(),
  odoo_company_id: z.int().nullable(),
  n8n_project_id: z.string().nullable(),
  metabase_dashboard_id: z.string().nullable(),
  active: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  deleted_at: z.string().nullable(),
});

/** A tenant in a list. */
export const tenantSummary = tenant.pick({
  id: true,
  rut: true,
  business_name: true,
  services_enabled: true,
  active: true,
  created_at: true,
});

/** A row of an earlier release that breaks a rule and is no tenant yet, converted to today's form as far as possible. */
export const tenantInReview = tenantSummary.extend({
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
});

export const tenantId = z
  .uuid("Not a tenant id. It is a UUID, as tenants.list shows it.")
  .describe("Tenant id (UUID).");

export type Tenant = z.infer<typeof tenant>;
export type TenantSummary = z.infer<typeof tenantSummary>;
export type TenantInReview = z.infer<typeof tenantInReview>;
export type ServiceFlags = z.infer<typeof serviceFlags>;
