import { DBOS } from "@dbos-inc/dbos-sdk";
import { type Connector, ConnectorError, resourceId, type Vendor } from "@smarteros/connectors";
import { type AttemptParts, attempt } from "./attempt.ts";
import { withDeadline } from "./deadline.ts";
import type { Limited } from "./lines.ts";
import type { Run, Step } from "./ports.ts";

/** What a workflow is woken by before a wait is over. */
export const wakeUp = "cancelled";

// Steps that are due so soon after another are taken together.
const togetherMs = 100;

type Due = { vendor: Vendor; at: number };

/**
 * The workflow: brings the steps of a run to their ends, vendors side by side, and undoes what it made where the run was
 * cancelled. It is replayed after a crash, so it decides by the results of its steps alone, and starts them in an order
 * that does not depend on time.
 */
export async function workOnRun(
  parts: AttemptParts & { begun: Limited },
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
    // biome-ignore lint/performance/noAwaitInLoops: an attempt follows the one before
    if (soonest > 0) await DBOS.recv<boolean>(wakeUp, { deadlineEpochMS: soonest });
    const [now, later] = split(due, soonest + togetherMs);
    const next = await Promise.all(
      now.map(({ vendor }) =>
        DBOS.runStep(() => nextAttempt(parts, run, vendor), { name: vendor, ...whileDatabaseIsAway }),
      ),
    );
    due = [
      ...later,
      ...now.flatMap(({ vendor }, index) => (next[index] ? [{ vendor, at: next[index] }] : [])),
    ];
  }
  await undo(parts, runId);
}

// What is thrown here is no vendor's failure: those are written on the step. Minutes of a database's absence pass.
const whileDatabaseIsAway = { retriesAllowed: true, maxAttempts: 20, intervalSeconds: 0.5, backoffRate: 1.5 };

async function nextAttempt(
  parts: Parameters<typeof workOnRun>[0],
  run: Run,
  vendor: Vendor,
): Promise<number | null> {
  const delayMs = await parts.begun(vendor, () => attempt(parts, run, vendor));
  return delayMs === undefined ? null : Date.now() + delayMs;
}

function split(due: Due[], until: number): [Due[], Due[]] {
  return [due.filter(({ at }) => at <= until), due.filter(({ at }) => at > until)];
}

/** Removes what a cancelled run itself had made, last first. */
async function undo(parts: Parameters<typeof workOnRun>[0], runId: string): Promise<void> {
  const run = await DBOS.runStep(() => parts.store.run(runId).then((found) => found ?? null), {
    name: "read again",
  });
  if (!run?.cancelled || run.state !== "cancelled") return;
  const made = run.steps.filter(({ created, state }) => created && state === "succeeded").reverse();
  for (const step of made) {
    // biome-ignore lint/performance/noAwaitInLoops: in reverse order, one after the other
    await DBOS.runStep(() => undoStep(parts, run, step), {
      name: `undo ${step.vendor}`,
      ...whileDatabaseIsAway,
    });
  }
}

async function undoStep(
  { connectors, atVendor, deadlineMs, store, logger }: AttemptParts,
  run: Run,
  step: Step,
) {
  const { vendor, externalId } = step;
  const connector = connectors[vendor] as Connector | undefined;
  if (!connector || externalId === null) return;
  try {
    const id = resourceId[vendor].parse(externalId);
    const limit = { vendor, operation: "undo", deadlineMs };
    await atVendor(vendor, () => withDeadline(limit, (signal) => connector.remove(id, run.tenantId, signal)));
    await store.undone(run.id, vendor);
    logger.info("PROVISION_UNDONE", { runId: run.id, vendor });
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    // It stays where it is, and the step says so: it succeeded and was not undone.
    logger.error("PROVISION_UNDO", { runId: run.id, vendor, kind: thrown.kind, remedy: thrown.remedy });
  }
}
