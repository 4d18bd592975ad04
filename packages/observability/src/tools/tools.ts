import { type AuditPorts, searchAudit } from "./audit-search.ts";

export { type AuditPorts, searchAudit };

/** The tools that look at what was recorded, for a catalog. */
export const observabilityTools = [searchAudit];
