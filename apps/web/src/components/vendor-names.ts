import type { Vendor } from "@smarteros/connectors/vendors";

/** The vendors as they write themselves, in every language. */
export const vendorNames: Record<Vendor, string> = {
  chatwoot: "Chatwoot",
  botpress: "Botpress",
  odoo: "Odoo",
  n8n: "n8n",
  metabase: "Metabase",
};
