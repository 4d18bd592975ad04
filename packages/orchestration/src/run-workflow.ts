import { DBOS } from "@dbos-inc/dbos-sdk";
import { type Connector, ConnectorError, resourceId, type Vendor } from "@smarteros/connectors";
import { withDeadline } from "./deadline.ts";
import type { Run, Step } from "./ports.ts";
import { runStep, type StepParts } from "./run-step.ts";
import type { VendorQueue } from "./vendor-queue.ts";

/** Topic of the message that ends a workflow's wait early. */
export const wakeUp = "cancelled";

// Steps that are due within this time of each other run in one batch.
const batchMs = 100;

type Due = { vendor: Vendor; at: number };

/**
 * Runs the steps of a run until they end, vendors in parallel. If the run was cancelled, removes the resources that it
 * created. The engine replays this workflow after a crash, so decisions depend only on results of its durable steps,
 * which start in an order that does not depend on time.
 */
export async function runWorkflow(
  parts: StepParts & { attemptQueue: VendorQueue },
  runId: string,
  vendors: Vendor[],
): Promise<void> {
  const run = await DBOS.runStep(() => parts.store.run(runId).then((found) => found ?? null), {
    name: "read",
  });
  if (!run) return;
  let due: Due[] = vendors.map((vendor) => ({ vendor, at: 0 }));
  while (due.length > 0) {
    const soonest = Math.min(...due.map(({ at }) => at));
    if (soonest > 0) await DBOS.recv<boolean>(wakeUp, { deadlineEpochMS: soonest });
    const [now, later] = split(due, soonest + batchMs);
    const next = await Promise.all(
      now.map(({ vendor }) =>
        DBOS.runStep(() => attemptStep(parts, run, vendor), { name: vendor, ...databaseRetries }),
      ),
    );
    due = [
      ...later,
      ...now.flatMap(({ vendor }, index) => (next[index] ? [{ vendor, at: next[index] }] : [])),
    ];
  }
  await undo(parts, runId);
}

// Covers a database outage of some minutes: failures of vendors are stored in the step and never thrown here.
const databaseRetries = { retriesAllowed: true, maxAttempts: 20, intervalSeconds: 0.5, backoffRate: 1.5 };

async function attemptStep(
  parts: Parameters<typeof runWorkflow>[0],
  run: Run,
  vendor: Vendor,
): Promise<number | null> {
  const delayMs = await parts.attemptQueue(vendor, () => runStep(parts, run, vendor));
  return delayMs === undefined ? null : Date.now() + delayMs;
}

function split(due: Due[], until: number): [Due[], Due[]] {
  return [due.filter(({ at }) => at <= until), due.filter(({ at }) => at > until)];
}

/** Removes the resources that a cancelled run created, the last one first. */
async function undo(parts: Parameters<typeof runWorkflow>[0], runId: string): Promise<void> {
  const run = await DBOS.runStep(() => parts.store.run(runId).then((found) => found ?? null), {
    name: "read again",
  });
  if (!run?.cancelled || run.state !== "cancelled") return;
  const made = run.steps.filter(({ created, state }) => created && state === "succeeded").reverse();
  for (const step of made) {
    await DBOS.runStep(() => undoStep(parts, run, step), {
      name: `undo ${step.vendor}`,
      ...databaseRetries,
    });
  }
}

async function undoStep(
  { connectors, vendorQueue, deadlineMs, store, logger }: StepParts,
  run: Run,
  step: Step,
) {
  const { vendor, externalId } = step;
  const connector = connectors[vendor] as Connector | undefined;
  if (!connector || externalId === null) return;
  try {
    const id = resourceId[vendor].parse(externalId);
    const limit = { vendor, operation: "undo", deadlineMs };
    await vendorQueue(vendor, () =>
      withDeadline(limit, (signal) => connector.remove(id, run.tenantId, signal)),
    );
    await store.markUndone(run.id, vendor);
    logger.info("PROVISION_UNDONE", { runId: run.id, vendor });
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    // The resource stays, and the step stays `succeeded` instead of `undone`.
    logger.error("PROVISION_UNDO", { runId: run.id, vendor, kind: thrown.kind, remedy: thrown.remedy });
  }
}
