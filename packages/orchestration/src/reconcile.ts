import { type Connector, ConnectorError, type Vendor } from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import type { Handler } from "@smarteros/queue";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import PQueue from "p-queue";
import { withDeadline } from "./deadline.ts";
import { driftOf } from "./drift.ts";
import type { Connectors, Drift, ProvisioningStore, RecordedTenant } from "./ports.ts";

type Parts = {
  store: ProvisioningStore;
  connectors: Connectors;
  /** Timeout of one read at a vendor, in milliseconds. */
  deadlineMs: number;
  logger: Logger;
};

export type Compared = { compared: number; apart: number };

const tenantsPerPage = 50;
// Below the vendors' rate limits, beside the steps of runs.
const readsPerVendor = 4;

/**
 * Compares the recorded services of the next 50 tenants with the vendors and stores the differences as drift; changes nothing
 * at a vendor. The stored drift of a service stays as it is when its vendor does not respond. Resolves to the number of
 * services that were compared, the number that differ (`apart`) and the last tenant; undefined after the last page.
 */
export async function reconcilePage(
  parts: Parts,
  after: string | undefined,
): Promise<(Compared & { last: string }) | undefined> {
  const page = await parts.store.recorded({ after, tenants: tenantsPerPage });
  const last = page.at(-1)?.tenant.id;
  if (last === undefined) return undefined;
  const queues = new Map<Vendor, PQueue>();
  const limited = <T>(vendor: Vendor, read: () => Promise<T>): Promise<T> => {
    const queue = queues.get(vendor) ?? new PQueue({ concurrency: readsPerVendor });
    queues.set(vendor, queue);
    return queue.add(read);
  };
  const results = await Promise.all(page.map((recorded) => compare(parts, recorded, limited)));
  const sum = (of: (one: Compared) => number) => results.reduce((total, one) => total + of(one), 0);
  return { compared: sum(({ compared }) => compared), apart: sum(({ apart }) => apart), last };
}

/** Makes the handler of a comparison: one page each time, then a follow-up for the next page, after the last in `everyMs`. */
export function reconcileHandler(parts: Parts, everyMs: number): Handler {
  return async ({ payload }) => {
    const before = { compared: Number(payload.compared ?? 0), apart: Number(payload.apart ?? 0) };
    const page = await reconcilePage(parts, payload.after as string | undefined);
    if (!page) {
      parts.logger.info("PROVISION_RECONCILED", before);
      return { result: before, followUps: [reconcileTask({}, everyMs)] };
    }
    const { compared, apart, last: after } = page;
    const so = { compared: before.compared + compared, apart: before.apart + apart };
    return { result: so, followUps: [reconcileTask({ ...so, after }, 0)] };
  };
}

/** The task of a comparison, of which one is open at a time. */
export const reconcileTask = (payload: Record<string, unknown>, runAfterMs: number) => ({
  queue: "maintenance",
  kind: "reconcile",
  dedupeKey: "reconcile",
  requestedBy: "system",
  payload,
  runAfterMs,
});

async function compare(
  { store, connectors, deadlineMs, logger }: Parts,
  { tenant, services }: RecordedTenant,
  limited: <T>(vendor: Vendor, read: () => Promise<T>) => Promise<T>,
): Promise<Compared> {
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
        const drift = await limited(vendor, read);
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
