export { accessSettings, databaseSettingsOf, roleRulesOf } from "./access-settings.ts";
export type { Capability } from "./capability.ts";
export { type Catalog, canonicalName, createCatalog, type ToolDescription } from "./catalog.ts";
export {
  auditBufferOf,
  auditBufferSettings,
  comparing,
  onlyTrue,
  parseSettings,
  type Settings,
  stateDirectory,
} from "./env.ts";
export { type ErrorCode, type ErrorDetails, type InputIssue, SmarterosError, statusOf } from "./errors.ts";
export { uuidv7 } from "./id.ts";
export {
  createPipeline,
  type Invocation,
  type Outcome,
  type Pipeline,
  type PipelineOptions,
} from "./invoke.ts";
export { type Logger, lineLogger, processLines } from "./logger.ts";
export type {
  AuditStore,
  IntentRecord,
  InvocationRecord,
  LimitedCall,
  Limiter,
  LimitState,
  Recorder,
  StoredIntent,
  StoredInvocation,
  Transport,
} from "./ports.ts";
export {
  createPrincipal,
  type Principal,
  principalFromClaims,
  type Role,
  type RoleRules,
} from "./principal.ts";
export { asOurs, mcpDisabled, rateLimited } from "./refusals.ts";
export { type Annotations, type Call, defineTool, type Tool } from "./tool.ts";
export { currentTraceparent, traceIdIn, withinTrace } from "./trace-context.ts";
