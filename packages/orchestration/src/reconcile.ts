import { type Connector, ConnectorError, type Vendor } from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import type { Handler } from "@smarteros/queue";
import { isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import PQueue from "p-queue";
import { withDeadline } from "./deadline.ts";
import { compareService, type Difference } from "./drift.ts";
import type { ComparedService, ComparedTenant, Comparison, Connectors, ProvisioningStore } from "./ports.ts";
import { isTransient } from "./run-step.ts";

export type ReconcileParts = {
  store: ProvisioningStore;
  connectors: Connectors;
  /** Timeout of one service's reads at its vendor, in milliseconds. */
  deadlineMs: number;
  logger: Logger;
};

/** A difference of one tenant; `runId` is the run that repairs it. */
export type Found = Difference & { tenantId: string; runId?: string | undefined };

/** `compared` counts services, `unread` those whose vendor did not respond. */
export type Compared = { compared: number; unread: number; found: Found[]; last: string };

/** Who repairs: the system leaves alone what needs a person, a person's request does not. */
export type Repairing = "system" | "person" | undefined;

const tenantsPerPage = 50;
// Below the vendors' rate limits, beside the steps of runs.
const readsPerVendor = 4;

/**
 * Compares the services of the next tenants with all that their vendors have, stores the differences as drift and, when asked,
 * opens the runs that repair them. The stored drift of a service stays as it is when its vendor does not respond. Resolves to
 * undefined after the last page.
 */
export async function reconcilePage(
  parts: ReconcileParts,
  comparison: Comparison,
  repairing: Repairing,
  signal?: AbortSignal,
): Promise<Compared | undefined> {
  const page = await parts.store.toCompare(comparison);
  const last = page.at(-1)?.tenant.id;
  if (last === undefined) return undefined;
  if (repairing) await parts.store.retryEvents(page.map(({ tenant }) => tenant.id));
  const queues = new Map<Vendor, PQueue>();
  const limited = <T>(vendor: Vendor, read: () => Promise<T>): Promise<T> => {
    const queue = queues.get(vendor) ?? new PQueue({ concurrency: readsPerVendor });
    queues.set(vendor, queue);
    return queue.add(read);
  };
  const results = await Promise.all(
    page.map((one) => reconcileTenant(parts, one, { limited, repairing, signal })),
  );
  return {
    compared: results.reduce((sum, { compared }) => sum + compared, 0),
    unread: results.reduce((sum, { unread }) => sum + unread, 0),
    found: results.flatMap(({ found }) => found),
    last,
  };
}

/** Makes the handler of the hourly comparison: one page each time, then a follow-up for the next page, after the last in `everyMs`. */
export function reconcileHandler(parts: ReconcileParts, everyMs: number): Handler {
  return async ({ payload }, { signal }) => {
    const before = { compared: Number(payload.compared ?? 0), apart: Number(payload.apart ?? 0) };
    const after = payload.after as string | undefined;
    const page = await reconcilePage(parts, { after, tenants: tenantsPerPage }, "system", signal);
    if (!page) {
      parts.logger.info("PROVISION_RECONCILED", before);
      return { result: before, followUps: [reconcileTask({}, everyMs)] };
    }
    const so = { compared: before.compared + page.compared, apart: before.apart + page.found.length };
    return { result: so, followUps: [reconcileTask({ ...so, after: page.last }, 0)] };
  };
}

/** The task of the hourly comparison, of which one is open at a time. */
export const reconcileTask = (payload: Record<string, unknown>, runAfterMs: number) => ({
  queue: "maintenance",
  kind: "reconcile",
  dedupeKey: "reconcile",
  requestedBy: "system",
  payload,
  runAfterMs,
});

type Pass = {
  limited: <T>(vendor: Vendor, read: () => Promise<T>) => Promise<T>;
  repairing: Repairing;
  signal: AbortSignal | undefined;
};

async function reconcileTenant(
  parts: ReconcileParts,
  { tenant, services }: ComparedTenant,
  pass: Pass,
): Promise<Omit<Compared, "last">> {
  const { store, connectors, deadlineMs, logger } = parts;
  const differences = new Map<ComparedService, Difference | undefined>();
  let unread = 0;
  await Promise.all(
    services.map(async (service) => {
      const { vendor } = service;
      const connector = connectors[vendor] as Connector | undefined;
      // A service with an open step differs temporarily, and its state shows that.
      if (!connector || isOpen(service)) return;
      try {
        const limit = {
          vendor,
          operation: "compare",
          deadlineMs,
          ...(pass.signal && { caller: pass.signal }),
        };
        const read = () =>
          withDeadline(limit, (signal) => compareService(connector, tenant, service, signal));
        differences.set(service, await pass.limited(vendor, read));
      } catch (thrown) {
        pass.signal?.throwIfAborted();
        const kind = ConnectorError.isInstance(thrown) ? thrown.kind : "unknown";
        logger.error("PROVISION_COMPARE", { tenantId: tenant.id, vendor, kind });
        unread += 1;
      }
    }),
  );
  const compared = [...differences.keys()].map(({ vendor }) => vendor);
  const found = [...differences.values()].filter((one) => one !== undefined);
  if (compared.length > 0) await store.noteDrift(tenant.id, compared, found);
  const runs = pass.repairing ? await repair(parts, tenant.id, differences, pass.repairing) : new Map();
  return {
    compared: compared.length,
    unread,
    found: found.map((one) => ({ ...one, tenantId: tenant.id, runId: runs.get(one.vendor) })),
  };
}

/** Opens the runs that repair a tenant's services; resolves to their ids by vendor. */
async function repair(
  { store }: ReconcileParts,
  tenantId: string,
  differences: ReadonlyMap<ComparedService, Difference | undefined>,
  by: "system" | "person",
): Promise<Map<Vendor, string>> {
  const due = [...differences].filter(
    // A failure that needs a person would fail again each hour.
    ([{ state, errorKind }]) => by === "person" || state !== "failed" || !errorKind || isTransient(errorKind),
  );
  const repairs = new Map<Vendor, string>();
  const steps = due.flatMap(([{ vendor }, difference]) =>
    difference?.repair && difference.repair !== "undo" ? [{ vendor, action: difference.repair }] : [],
  );
  const run = steps.length > 0 ? await store.open({ tenantId, steps, requestedBy: "system" }) : undefined;
  if (run) for (const { vendor } of steps) repairs.set(vendor, run.id);
  await Promise.all(
    due.map(async ([{ vendor, undoFailed }, difference]) => {
      if (difference?.repair !== "undo" || undoFailed === null) return;
      if (await store.retry(undoFailed)) repairs.set(vendor, undoFailed);
    }),
  );
  return repairs;
}
