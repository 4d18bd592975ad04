import type { Logger } from "@smarteros/core";
import { stepsOf } from "./plan.ts";
import type { NewRun, ProvisioningStore, Run, TenantEvent } from "./ports.ts";

type Parts = {
  store: ProvisioningStore;
  open: (run: NewRun) => Promise<Run | undefined>;
  logger: Logger;
};

const atOnce = 20;

/**
 * Takes what has happened to tenants and opens the runs that it calls for, until nothing is left. An event opens one
 * run, however often it is taken; one that fails is taken again after its lease, and left alone after five times.
 */
export async function drainEvents({ store, open, logger }: Parts): Promise<void> {
  for (;;) {
    // biome-ignore lint/performance/noAwaitInLoops: one batch after the other
    const events = await store.claimEvents(atOnce);
    // Fewer than asked for may be as many as a response of the database holds.
    if (events.length === 0) return;
    await Promise.all(events.map(take));
  }

  async function take(event: TenantEvent): Promise<void> {
    try {
      const tenant = await store.tenant(event.tenantId);
      const steps = tenant ? stepsOf(event, tenant) : [];
      if (steps.length > 0)
        await open({ tenantId: event.tenantId, steps, requestedBy: "system", eventId: event.id });
      await store.settleEvent(event.id);
    } catch (cause) {
      logger.error("PROVISION_EVENT", { eventId: event.id, attempts: event.attempts, cause: String(cause) });
      await store.settleEvent(event.id, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
