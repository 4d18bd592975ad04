import { type AuditPorts, searchAudit } from "./audit-search.ts";
import { type HealthPorts, readHealthTimeline } from "./health-timeline.ts";

export { type AuditPorts, type HealthPorts, readHealthTimeline, searchAudit };

/** The tools that look at what was recorded, for a catalog. */
export const observabilityTools = [searchAudit, readHealthTimeline];
