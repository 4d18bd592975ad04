import type { Vendor } from "@smarteros/connectors";
import { type Logger, SmarterosError } from "@smarteros/core";
import {
  type Installation,
  type Provisioner,
  type ProvisioningStore,
  startProvisioner,
  type VendorHealth,
  vendorHealth,
} from "@smarteros/orchestration";
import { supabaseWorkerParts } from "@smarteros/orchestration/supabase";
import { listenForTasks } from "@smarteros/queue/listen";
import type { SupabaseClient } from "@smarteros/supabase";
import type { ProvisioningSettings } from "./env.ts";

/** Dependencies of the service routes. */
export type Provisioning = {
  provisioner: Provisioner;
  store: ProvisioningStore;
  connectors: Installation;
  health: VendorHealth;
  graceDays: number;
  logger: Logger;
};

/** Throws `unavailable` when this backend does not provision. */
export function requireProvisioning(provisioning: Provisioning | undefined): Provisioning {
  if (provisioning) return provisioning;
  throw new SmarterosError("unavailable", "This backend does not provision: no vendor is set up.");
}

/** Throws `conflict` when one of the services is held, because a run would skip it. */
export async function refuseHeld(
  { store }: Provisioning,
  tenantId: string,
  services: readonly Vendor[],
): Promise<void> {
  const held = (await store.services(tenantId))
    .filter((standing) => standing.held && services.includes(standing.vendor))
    .map(({ vendor }) => vendor);
  if (held.length === 0) return;
  throw new SmarterosError(
    "conflict",
    `Held since the upgrade: ${held.join(", ")}. Adopt what the tenant has at the vendor (services.adopt), or ask for a new one with createNew.`,
  );
}

/**
 * Starts the provisioning worker of this process. Resolves to undefined where no vendor is set up: it would take tasks from
 * workers that can do them.
 */
export async function startProvisioning(
  { databaseUrl, graceDays, connectors: settings }: ProvisioningSettings,
  { service, logger }: { service: SupabaseClient; logger: Logger },
): Promise<Provisioning | undefined> {
  const parts = supabaseWorkerParts(service, settings);
  const { store, connectors } = parts;
  if (Object.keys(connectors.configured).length === 0) return undefined;
  const wake = databaseUrl === undefined ? undefined : listenForTasks(databaseUrl, logger);
  const worker = await startProvisioner({ ...parts, logger, wake });
  const provisioner = {
    ...worker,
    async stop() {
      await Promise.all([worker.stop(), wake?.stop()]);
    },
  };
  return { provisioner, store, connectors, health: vendorHealth(connectors), graceDays, logger };
}
