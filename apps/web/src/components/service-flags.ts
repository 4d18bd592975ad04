import type { ServiceFlags } from "@smarteros/tools-tenants";

export type ServiceFlag = keyof ServiceFlags;

/** The five services in the order in which they are shown. */
export const serviceFlags = ["crm", "bot", "erp", "workflows", "kpi"] as const satisfies ServiceFlag[];
