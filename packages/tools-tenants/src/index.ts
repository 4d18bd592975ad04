export type {
  HandedOver,
  HandOver,
  NewTenant,
  Reader,
  TenantName,
  TenantPorts,
  TenantQuery,
  TenantStore,
} from "./ports.ts";
export { rut } from "./rut.ts";
export {
  type ServiceFlags,
  serviceFlags,
  type Tenant,
  type TenantSummary,
  tenant,
  tenantSummary,
} from "./tenant.ts";
export { listTenants } from "./tools/list.ts";
export { tenantTools } from "./tools.ts";
