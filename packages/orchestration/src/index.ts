export { withDeadline } from "./deadline.ts";
export type { PlannedStep } from "./plan.ts";
export type {
  Connectors,
  Drift,
  Installation,
  NewRun,
  ProvisionedTenant,
  ProvisioningStore,
  RecordedTenant,
  Run,
  ServiceStanding,
  Step,
  StepError,
  StepResult,
  TenantEvent,
} from "./ports.ts";
export { type Provisioner, type ProvisionerOptions, startProvisioner } from "./provisioner.ts";
