import { type Connectors, createConnectors } from "@smarteros/connectors";
import { type Logger, SmarterosError } from "@smarteros/core";
import { type Provisioner, type ProvisioningStore, startProvisioner } from "@smarteros/orchestration";
import { supabaseProvisioning } from "@smarteros/orchestration/supabase";
import type { SupabaseClient } from "@smarteros/supabase";
import type { ProvisioningSettings } from "./env.ts";
import { type VendorHealth, vendorHealth } from "./vendor-health.ts";

/** Dependencies of the service routes. */
export type Provisioning = {
  provisioner: Provisioner;
  store: ProvisioningStore;
  connectors: Connectors;
  health: VendorHealth;
  graceDays: number;
};

/** Throws `unavailable` when this backend does not provision. */
export function requireProvisioning(provisioning: Provisioning | undefined): Provisioning {
  if (provisioning) return provisioning;
  throw new SmarterosError("unavailable", "This backend does not provision: its DATABASE_URL is not set.");
}

/** Starts the provisioning worker of this process. One per process. */
export async function startProvisioning(
  { databaseUrl, graceDays, connectors: settings }: ProvisioningSettings,
  { service, logger }: { service: SupabaseClient; logger: Logger },
): Promise<Provisioning> {
  const connectors = createConnectors(settings);
  const store = supabaseProvisioning(service);
  const provisioner = await startProvisioner({ store, connectors, systemDatabaseUrl: databaseUrl, logger });
  return { provisioner, store, connectors, health: vendorHealth(connectors), graceDays };
}
