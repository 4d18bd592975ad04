import type { Logger } from "@smarteros/core";
import { stepsOf } from "./event-to-steps.ts";
import type { ProvisioningStore, TenantEvent } from "./ports.ts";

type Parts = {
  store: ProvisioningStore;
  logger: Logger;
};

const batchSize = 20;

/**
 * Claims events of tenants and opens the runs that they require, until no event is left. An event opens at most one run,
 * also when it is claimed several times. A failed event is claimed again after its lease, five times at most; a comparison with repair tries it again.
 */
export async function drainEvents({ store, logger }: Parts): Promise<void> {
  for (;;) {
    const events = await store.claimEvents(batchSize);
    // A short batch is not the last one: the database may limit the rows of a response.
    if (events.length === 0) return;
    await Promise.all(events.map(process));
  }

  async function process(event: TenantEvent): Promise<void> {
    try {
      const tenant = await store.tenant(event.tenantId);
      const steps = tenant ? stepsOf(event, tenant) : [];
      if (steps.length > 0)
        await store.open({ tenantId: event.tenantId, steps, requestedBy: "system", eventId: event.id });
      await store.settleEvent(event.id);
    } catch (cause) {
      logger.error("PROVISION_EVENT", { eventId: event.id, attempts: event.attempts, cause: String(cause) });
      await store.settleEvent(event.id, cause instanceof Error ? cause.message : String(cause));
    }
  }
}
