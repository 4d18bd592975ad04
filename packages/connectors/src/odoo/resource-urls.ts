import { pageBelow, type ResourceUrls } from "../resource-urls.ts";
import type { OdooSettings } from "./settings.ts";

/** Returns the address of the form of a company in Odoo, which has had addresses of this form since version 18. */
export function odooResourceUrls({ url, database }: Pick<OdooSettings, "url" | "database">): ResourceUrls {
  const query = database ? `?db=${encodeURIComponent(database)}` : "";
  return { "": pageBelow(url, `/odoo/res.company/{id}${query}`) };
}
