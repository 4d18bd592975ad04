export type { Connectors } from "./attempt.ts";
export type {
  NewRun,
  ProvisionedTenant,
  ProvisioningStore,
  Run,
  RunState,
  Step,
  StepAction,
  StepEnding,
  StepState,
  TenantEvent,
} from "./ports.ts";
export { type Provisioner, type ProvisionerOptions, startProvisioner } from "./provisioner.ts";
export { defaultRetries, type RetryPolicy } from "./retry-policy.ts";
