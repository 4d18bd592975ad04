export {
  type CallCounts,
  type CallQuestion,
  type CallSummary,
  type Figures,
  latencyBands,
  momentLength,
  type Range,
  ranges,
  summarizeFor,
  timeOf,
} from "./analytics/summary.ts";
export { type AuditBuffer, openAuditBuffer } from "./audit/audit-buffer.ts";
export type { CallFilters, CallLog, RecordedCall } from "./audit/call.ts";
export {
  type RecentInvocation,
  recentInvocations,
  type TenantInvocation,
  tenantInvocations,
} from "./audit/invocations.ts";
export { type AuditState, createRecorder, type RecorderOptions } from "./audit/recorder.ts";
export type {
  HealthBar,
  HealthLog,
  HealthService,
  HealthTimeline,
  NewMaintenanceWindow,
} from "./health/timeline.ts";
export { redact, redactCause, redactText } from "./redact.ts";
