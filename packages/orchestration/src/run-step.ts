import { metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  type Connector,
  ConnectorError,
  ensure,
  findSettled,
  type Intents,
  type ResourceId,
  resourceId,
  Unsettled,
  type Vendor,
} from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import { type ClaimedTask, type Handler, Postponed, TaskError } from "@smarteros/queue";
import { withDeadline } from "./deadline.ts";
import { isWanted, subjectOf } from "./drift.ts";
import type {
  BegunStep,
  Connectors,
  ProvisionedTenant,
  ProvisioningStore,
  Run,
  Step,
  StepResult,
} from "./ports.ts";

export type StepParts = {
  store: ProvisioningStore;
  connectors: Connectors;
  /** Timeout of one attempt, in milliseconds. */
  deadlineMs: number;
  logger: Logger;
};

type StepTask = BegunStep & { step: Step };
type Act = (connector: Connector, task: StepTask, signal: AbortSignal) => Promise<StepResult>;

/**
 * Makes the handlers of the tasks of one vendor. Each runs one attempt of a step: it reads the run and the tenant, calls the
 * vendor and resolves to the outcome, which the database writes to the step. Idempotent, so that it can be repeated after a
 * crash at any point.
 */
export function stepHandlers(parts: StepParts, vendor: Vendor): Record<Step["action"] | "undo", Handler> {
  return {
    provision: handler(parts, vendor, provision),
    disable: handler(parts, vendor, disable),
    remove: handler(parts, vendor, remove),
    undo: handler(parts, vendor, undo),
  };
}

function handler(parts: StepParts, vendor: Vendor, act: Act): Handler {
  const { store, logger, deadlineMs } = parts;
  return (task, { signal }) =>
    withSpan(task, vendor, async (span) => {
      const begun = await store.beginStep(task);
      const step = begun?.run.steps.find((one) => one.vendor === vendor);
      if (!begun || !step) throw new TaskError({ problem: { code: "not_found" }, retry: false });
      const { run, tenant } = begun;
      const attributes = { "smarteros.vendor": vendor, "smarteros.action": task.kind };
      span.setAttributes({ ...attributes, "smarteros.run.id": run.id });
      const logged = { runId: run.id, vendor, action: task.kind };
      try {
        const connector = parts.connectors[vendor] as Connector | undefined;
        if (!connector) throw notConfigured(vendor, task.kind);
        const limit = { vendor, operation: task.kind, deadlineMs, caller: signal };
        const result = isObsolete(run, step, tenant, task.kind)
          ? skipped
          : await withDeadline(limit, (limited) => act(connector, { ...begun, step }, limited));
        attempts().add(1, { ...attributes, "smarteros.state": result.state });
        logger.info("PROVISION_STEP", { ...logged, state: result.state });
        return { result };
      } catch (thrown) {
        if (Unsettled.isInstance(thrown)) {
          logger.info("PROVISION_STEP", { ...logged, state: "waiting", retryAfterMs: thrown.retryAfterMs });
          throw new Postponed(thrown.retryAfterMs);
        }
        if (!ConnectorError.isInstance(thrown)) throw thrown;
        const { kind, remedy } = thrown;
        span.setStatus({ code: SpanStatusCode.ERROR, message: kind }).setAttribute("error.type", kind);
        attempts().add(1, { ...attributes, "smarteros.state": "failed", "error.type": kind });
        logger.error("PROVISION_STEP", { ...logged, kind, remedy });
        throw failureOf(thrown);
      }
    });
}

const provision: Act = async (connector, { tenant, intents }, signal) => {
  const { resource, created, duplicates } = await ensure(connector, subjectOf(tenant), {
    signal,
    intents: settledWithTheStep(intents),
    recorded: recordedId(connector.vendor, tenant),
  });
  return {
    state: "succeeded",
    external_id: String(resource.id),
    created: created !== undefined,
    duplicates,
    webhooks: resource.webhooks,
  };
};

/** Leaves the end of a creation that exists to the transaction that records its id: the vendor's list may hide it again. */
const settledWithTheStep = (intents: Intents): Intents => ({
  ...intents,
  settle: async (as) => (as === "created" || as === "found" ? undefined : intents.settle(as)),
});

/** Disables all that the tenant has at the vendor, also what no run recorded. */
const disable: Act = async (connector, task, signal) => {
  const ids = await idsOf(connector, task, signal);
  const [first] = ids;
  if (first === undefined) return skipped;
  const switched = await Promise.all(ids.map((id) => connector.disable(id, task.tenant.id, signal)));
  return {
    state: switched.includes("unsupported") ? "unsupported" : "succeeded",
    external_id: String(first),
  };
};

/** Removes all that the tenant has at the vendor, also what no run recorded. */
const remove: Act = async (connector, task, signal) => {
  const ids = await idsOf(connector, task, signal);
  const [first] = ids;
  if (first === undefined) return skipped;
  await Promise.all(ids.map((id) => connector.remove(id, task.tenant.id, signal)));
  return { state: "succeeded", external_id: String(first) };
};

/**
 * Removes what a cancelled run created: the resource that its step recorded, else what its interrupted creation left at the
 * vendor. Leaves a service that a later run provisioned.
 */
const undo: Act = async (connector, task, signal) => {
  const { step, tenant, isReplaced } = task;
  if (isReplaced) return { state: "succeeded" };
  if (step.state === "undone") return { state: "undone" };
  const recorded = recordedId(connector.vendor, tenant);
  const ids = step.externalId
    ? [resourceId[connector.vendor].parse(step.externalId)]
    : (await idsOf(connector, task, signal)).filter((id) => id !== recorded);
  await Promise.all(ids.map((id) => connector.remove(id, tenant.id, signal)));
  return { state: ids.length > 0 ? "undone" : "cancelled" };
};

/** Resolves to the id that is recorded, then to those of other resources of the tenant, once no creation can add another. */
async function idsOf(
  connector: Connector,
  { tenant, intents }: StepTask,
  signal: AbortSignal,
): Promise<ResourceId[]> {
  const recorded = recordedId(connector.vendor, tenant);
  const found = await findSettled(connector, subjectOf(tenant), { signal, intents, recorded });
  const others = found.map(({ id }) => id).filter((id) => id !== recorded);
  return recorded === undefined ? others : [recorded, ...others];
}

/**
 * Returns true when a change after the request made the task obsolete. A run of the system follows the current flags,
 * nothing is created for a deleted tenant, nothing of a restored tenant is removed, and no held service is touched.
 */
function isObsolete(run: Run, step: Step, tenant: ProvisionedTenant, kind: string): boolean {
  if (kind === "undo") return false;
  if (tenant.held.includes(step.vendor)) return true;
  if (kind === "remove") return tenant.active;
  if (run.eventId !== null || run.requestedBy === "system")
    return isWanted(tenant, step.vendor) !== (kind === "provision");
  return kind === "provision" && !tenant.active;
}

function recordedId(vendor: Vendor, tenant: ProvisionedTenant) {
  const recorded = tenant.externalIds[vendor];
  return recorded === null ? undefined : resourceId[vendor].parse(recorded);
}

const transient: ReadonlySet<ConnectorError["kind"]> = new Set(["rate_limited", "unavailable", "unknown"]);

/** Returns true for a failure that may end by itself; others need a person, so they are not tried again. */
export const isTransient = (kind: ConnectorError["kind"]) => transient.has(kind);

/** Converts a vendor's failure to that of the task, whose row decides on another attempt. */
function failureOf(error: ConnectorError): TaskError {
  const { kind, message, remedy, retryAfterMs } = error;
  const retry = isTransient(kind);
  const failure = {
    problem: { code: kind, message, remedy },
    retry,
    retryAfterMs,
    tripsBreaker: kind === "unavailable",
  };
  return new TaskError(failure, { cause: error });
}

const notConfigured = (vendor: Vendor, operation: string) =>
  new ConnectorError({ vendor, operation, kind: "validation", remedy: "check_settings" });

const skipped: StepResult = { state: "skipped" };

function withSpan<Result>(task: ClaimedTask, vendor: Vendor, work: (span: Span) => Promise<Result>) {
  return trace
    .getTracer("@smarteros/orchestration")
    .startActiveSpan(`${task.kind} ${vendor}`, { kind: SpanKind.CONSUMER }, (span) =>
      work(span).finally(() => span.end()),
    );
}

/** Counts attempts by outcome. Read on each use: a meter obtained before metrics are enabled records nothing. */
const attempts = () =>
  metrics.getMeter("@smarteros/orchestration").createCounter("smarteros.provision.attempts");
