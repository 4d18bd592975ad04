import type { ResourceId } from "../connector.ts";
import type { OdooSettings } from "./settings.ts";

/** Returns the address of the form of a company in Odoo, which has had addresses of this form since version 18. */
export function odooResourceUrl(
  { url, database }: Pick<OdooSettings, "url" | "database">,
  id: ResourceId<"odoo">,
): string {
  const query = database ? `?db=${encodeURIComponent(database)}` : "";
  return `${url.replace(/\/+$/, "")}/odoo/res.company/${id}${query}`;
}
