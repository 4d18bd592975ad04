import { type Connector, ConnectorError, type Vendor } from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import { withDeadline } from "./deadline.ts";
import { driftOf } from "./drift.ts";
import type { Limited } from "./lines.ts";
import type { Connectors, Drift, ProvisioningStore, RecordedTenant } from "./ports.ts";

type Parts = {
  store: ProvisioningStore;
  connectors: Connectors;
  atVendor: Limited;
  /** Milliseconds that one look at a vendor may take. */
  deadlineMs: number;
  logger: Logger;
};

const tenantsAtOnce = 50;

/**
 * Compares all that is recorded with what the vendors have and notes where they are apart; changes nothing at a vendor.
 * What a vendor does not answer about stays as it was noted. Resolves to how many services were compared and are apart.
 */
export async function reconcile(parts: Parts): Promise<{ compared: number; apart: number }> {
  const { store, logger } = parts;
  const total = { compared: 0, apart: 0 };
  for (let after: string | undefined; ; ) {
    // biome-ignore lint/performance/noAwaitInLoops: one page after the other, so that memory stays small
    const page = await store.recorded({ after, tenants: tenantsAtOnce });
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
  { store, connectors, atVendor, deadlineMs, logger }: Parts,
  { tenant, services }: RecordedTenant,
) {
  const compared: Vendor[] = [];
  const found: Drift[] = [];
  await Promise.all(
    services.map(async ({ vendor, state }) => {
      const connector = connectors[vendor] as Connector | undefined;
      // What is being worked on is apart for a moment, and says so itself.
      if (!connector || isOpen({ state })) return;
      try {
        const limit = { vendor, operation: "compare", deadlineMs };
        const look = () => withDeadline(limit, (signal) => driftOf(connector, tenant, signal));
        const drift = await atVendor(vendor, look);
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
