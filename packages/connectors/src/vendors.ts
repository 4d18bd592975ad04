/** The five vendors, in the order of the flags crm, bot, erp, workflows, kpi. */
export const vendors = ["chatwoot", "botpress", "odoo", "n8n", "metabase"] as const;
export type Vendor = (typeof vendors)[number];

/** The flag of a tenant by which each vendor's service is wanted. */
export const flagOf = {
  chatwoot: "crm",
  botpress: "bot",
  odoo: "erp",
  n8n: "workflows",
  metabase: "kpi",
} as const satisfies Record<Vendor, string>;
