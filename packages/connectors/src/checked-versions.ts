import { botpressVersions } from "./botpress/versions.ts";
import { chatwootVersions } from "./chatwoot/versions.ts";
import { metabaseVersions } from "./metabase/versions.ts";
import { n8nVersions } from "./n8n/versions.ts";
import { odooVersions } from "./odoo/versions.ts";
import type { CheckedVersions } from "./vendor-versions.ts";
import type { Vendor } from "./vendors.ts";

/** Versions by vendor. docs/connectors.md lists them. */
export const checkedVersions = {
  chatwoot: chatwootVersions,
  botpress: botpressVersions,
  odoo: odooVersions,
  n8n: n8nVersions,
  metabase: metabaseVersions,
} as const satisfies Record<Vendor, CheckedVersions>;
