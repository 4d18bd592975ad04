import { type AnalyticsPorts, summarizeCalls } from "./analytics-summary.ts";
import { type AuditPorts, searchAudit } from "./audit-search.ts";
import { type HealthPorts, readHealthTimeline } from "./health-timeline.ts";

export { maintenanceTools } from "./maintenance-windows.ts";
export type { HealthPorts };
export { readHealthTimeline, searchAudit, summarizeCalls };
export type ObservabilityPorts = AuditPorts & AnalyticsPorts & HealthPorts;

/** The tools that look at what was recorded, for a catalog. */
export const observabilityTools = [searchAudit, summarizeCalls, readHealthTimeline];
