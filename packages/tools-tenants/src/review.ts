/** A field of a tenant that breaks a rule, and what to do about it. */
export type Problem = { path: string; message: string };

const name = "businessName";
const leftOut =
  "The id breaks the vendor's form. It is left out; adopt the service by its right id afterwards.";

/** The problems by the constraint of the table `tenants` that a row breaks. */
const problems: Record<string, Problem> = {
  tenants_rut_valid: {
    path: "rut",
    message: "Not a RUT, or its check digit does not match. Ask for the RUT again.",
  },
  tenants_owner_rut_active_key: {
    path: "rut",
    message:
      "Its owner has another active tenant with this RUT. Delete one of the two, or ask for the RUT again.",
  },
  tenants_business_name_length: { path: name, message: "Must be 2 to 120 characters. Give the legal name." },
  tenants_business_name_printable: {
    path: name,
    message: "Has characters that do not show, or that turn the text around. Type the name again.",
  },
  tenants_owner_not_empty: {
    path: "owner",
    message: "Has no owner. Who resolves it becomes its owner; an administrator can hand it over.",
  },
  tenants_services_enabled_known_flags: {
    path: "services",
    message: "Has a flag that is none of crm, bot, erp, workflows and kpi. It is left out.",
  },
  tenants_services_enabled_boolean_flags: {
    path: "services",
    message: "Has a flag that is neither true nor false. All are taken for false unless you give them.",
  },
  tenants_chatwoot_inbox_id_positive: { path: "chatwoot_inbox_id", message: leftOut },
  tenants_odoo_company_id_positive: { path: "odoo_company_id", message: leftOut },
  tenants_botpress_workspace_id_shape: { path: "botpress_workspace_id", message: leftOut },
  tenants_n8n_project_id_shape: { path: "n8n_project_id", message: leftOut },
  tenants_metabase_dashboard_id_shape: { path: "metabase_dashboard_id", message: leftOut },
};

/** Lists the problems of a row in review, for the person who resolves it. */
export function problemsOf(constraints: readonly string[]): Problem[] {
  return constraints.map(problemOf);
}

export function problemOf(constraint: string): Problem {
  return problems[constraint] ?? { path: "", message: `Breaks the rule ${constraint}.` };
}
