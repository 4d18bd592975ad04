import type { Vendor } from "@smarteros/connectors/vendors";
import type { TenantSummary } from "@smarteros/tools-tenants";
import { type RutProblem, rutProblem } from "@smarteros/tools-tenants/rut";
import { invisibleIn } from "@smarteros/ui/visible-text.ts";

type Problem = { path: string; message: string };

/** A row of an upgrade that breaks a rule, as `tenants.list` shows it. */
export type RowInReview = TenantSummary & { problems: Problem[] };

/** The key of a problem's text in `tenants.review`; `said` where only the tool's own message exists. */
export type ReviewProblem =
  | { word: `rut.${RutProblem | "twin"}` | "name.unprintable" | "name.length" | "owner" | "services" }
  | { word: "externalId"; vendor: Vendor }
  | { word: "said"; message: string };

const columns: Record<string, Vendor> = {
  chatwoot_inbox_id: "chatwoot",
  botpress_workspace_id: "botpress",
  odoo_company_id: "odoo",
  n8n_project_id: "n8n",
  metabase_dashboard_id: "metabase",
};

/** Finds the words for a problem of a row in review, by its path and, where one path has several rules, by the row. */
export function reviewProblem(
  { path, message }: Problem,
  { rut, business_name: name }: Pick<RowInReview, "rut" | "business_name">,
): ReviewProblem {
  const vendor = columns[path];
  if (vendor) return { word: "externalId", vendor };
  if (path === "rut") return { word: `rut.${rutProblem(rut) ?? "twin"}` };
  if (path === "businessName")
    return { word: invisibleIn(name).length > 0 ? "name.unprintable" : "name.length" };
  if (path === "owner" || path === "services") return { word: path };
  return { word: "said", message };
}
