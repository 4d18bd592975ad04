import { type AnalyticsPorts, summarizeCalls } from "./analytics-summary.ts";
import { type AuditPorts, searchAudit } from "./audit-search.ts";

export { type AnalyticsPorts, type AuditPorts, searchAudit, summarizeCalls };
export type ObservabilityPorts = AuditPorts & AnalyticsPorts;

/** The tools that look at what was recorded, for a catalog. */
export const observabilityTools = [searchAudit, summarizeCalls];
