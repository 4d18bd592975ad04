import * as z from "zod";

/** One entry of the allow-list: a path whose `:name` segments have a schema each, and the query or body that it needs. */
export type AllowedPath = {
  method: "GET" | "POST";
  path: string;
  segments?: Record<string, z.ZodType<string>>;
  query?: z.ZodType;
  body?: z.ZodType;
};

const ofTenant = z.strictObject({ tenant_id: z.uuid("The id of a tenant is wanted: a UUID.") });

/**
 * Everything that may be asked of the backend by path: whole paths, never beginnings of them. What has a tool of its own
 * does not belong here.
 */
export const allowedPaths: readonly AllowedPath[] = [
  { method: "GET", path: "/health" },
  { method: "POST", path: "/validate", body: z.strictObject({ ping: z.literal(true) }) },
  { method: "GET", path: "/tenants" },
  { method: "GET", path: "/tenants/:id", segments: { id: z.uuid() } },
  { method: "GET", path: "/chatwoot/inbox", query: ofTenant },
  { method: "GET", path: "/botpress/workspace", query: ofTenant },
  { method: "GET", path: "/odoo/company", query: ofTenant },
  { method: "GET", path: "/n8n/workflow", query: ofTenant },
  { method: "GET", path: "/metabase/dashboard", query: ofTenant },
];
