export type { PlannedStep } from "./plan.ts";
export type {
  Connectors,
  Drift,
  Installation,
  NewRun,
  ProvisionedTenant,
  ProvisioningStore,
  Run,
  ServiceStanding,
  Step,
  StepError,
  StepResult,
  TenantEvent,
} from "./ports.ts";
export { type Provisioner, type ProvisionerOptions, startProvisioner } from "./provisioner.ts";
export { adoptService } from "./requests/adopt.ts";
export { compareServices } from "./requests/compare.ts";
export { vendorFailure } from "./requests/vendor-failure.ts";
export { type VendorHealth, vendorHealth } from "./requests/vendor-health.ts";
export { serializePlannedStep, serializeRun, serializeService } from "./serialize.ts";
export { workUntilIdle } from "./work-until-idle.ts";
