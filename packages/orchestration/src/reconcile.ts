import { type Connector, ConnectorError, type Vendor } from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { withDeadline } from "./deadline.ts";
import { driftOf } from "./drift.ts";
import type { Connectors, Drift, ProvisioningStore, RecordedTenant } from "./ports.ts";
import type { VendorQueue } from "./vendor-queue.ts";

type Parts = {
  store: ProvisioningStore;
  connectors: Connectors;
  vendorQueue: VendorQueue;
  /** Timeout of one read at a vendor, in milliseconds. */
  deadlineMs: number;
  logger: Logger;
};

const tenantsPerPage = 50;

/**
 * Compares all recorded services with the vendors and stores the differences as drift; changes nothing at a vendor. The
 * stored drift of a service stays as it is when its vendor does not respond. Resolves to the number of services that
 * were compared and the number that differ (`apart`).
 */
export async function reconcile(parts: Parts): Promise<{ compared: number; apart: number }> {
  const { store, logger } = parts;
  const total = { compared: 0, apart: 0 };
  for (let after: string | undefined; ; ) {
    const page = await store.recorded({ after, tenants: tenantsPerPage });
    const results = await Promise.all(page.map((recorded) => compare(parts, recorded)));
    for (const { compared, apart } of results) {
      total.compared += compared;
      total.apart += apart;
    }
    after = page.at(-1)?.tenant.id;
    if (after === undefined) break;
  }
  logger.info("PROVISION_RECONCILED", total);
  return total;
}

async function compare(
  { store, connectors, vendorQueue, deadlineMs, logger }: Parts,
  { tenant, services }: RecordedTenant,
) {
  const compared: Vendor[] = [];
  const found: Drift[] = [];
  await Promise.all(
    services.map(async ({ vendor, state }) => {
      const connector = connectors[vendor] as Connector | undefined;
      // A service with an open step differs temporarily, and its state shows that.
      if (!connector || isOpen({ state })) return;
      try {
        const limit = { vendor, operation: "compare", deadlineMs };
        const read = () => withDeadline(limit, (signal) => driftOf(connector, tenant, signal));
        const drift = await vendorQueue(vendor, read);
        compared.push(vendor);
        if (drift) found.push(drift);
      } catch (thrown) {
        const kind = ConnectorError.isInstance(thrown) ? thrown.kind : "unknown";
        logger.error("PROVISION_COMPARE", { tenantId: tenant.id, vendor, kind });
      }
    }),
  );
  const before = services.some(({ drift }) => drift !== null);
  if (found.length > 0 || before) await store.noteDrift(tenant.id, compared, found);
  return { compared: compared.length, apart: found.length };
}
