export { type AllowList, createAllowList } from "./allow-list.ts";
export { type AllowedPath, defaultPaths, type JsonSchema } from "./allowed-paths.ts";
export type {
  Backend,
  BackendPorts,
  BackendRequest,
  BackendResponse,
  Checklist,
  ChecklistPorts,
  FixedRequest,
  Provisioning,
  ProvisioningPorts,
} from "./ports.ts";
export { toDiagnose } from "./to-diagnose.ts";
export { checkService } from "./tools/services/check.ts";
export { type BackendToolsOptions, createBackendTools, provisioningTools } from "./tools.ts";
