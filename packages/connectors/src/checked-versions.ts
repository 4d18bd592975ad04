import { botpressVersions } from "./botpress/versions.ts";
import { chatwootVersions } from "./chatwoot/versions.ts";
import { metabaseVersions } from "./metabase/versions.ts";
import { odooVersions } from "./odoo/versions.ts";
import type { CheckedVersions } from "./vendor-versions.ts";
import type { Vendor } from "./vendors.ts";

/** Versions by vendor. docs/connectors.md lists them. */
export const checkedVersions = {
  chatwoot: chatwootVersions,
  botpress: botpressVersions,
  odoo: odooVersions,
  metabase: metabaseVersions,
} as const satisfies Record<Exclude<Vendor, "n8n">, CheckedVersions>;
