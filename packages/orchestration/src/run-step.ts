import { metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  type Connector,
  ConnectorError,
  ensure,
  type Intents,
  resourceId,
  Unsettled,
  type Vendor,
} from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import { type ClaimedTask, type Handler, Postponed, TaskError } from "@smarteros/queue";
import { withDeadline } from "./deadline.ts";
import { isWanted, subjectOf } from "./drift.ts";
import type { Connectors, ProvisionedTenant, ProvisioningStore, Run, Step, StepResult } from "./ports.ts";

export type StepParts = {
  store: ProvisioningStore;
  connectors: Connectors;
  /** Timeout of one attempt, in milliseconds. */
  deadlineMs: number;
  logger: Logger;
};

type StepTask = { run: Run; step: Step; tenant: ProvisionedTenant; intents: Intents };
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
      const { run, step, tenant } = await read(store, task, vendor);
      const intents = store.intents(task);
      if (run.state === "queued") await store.start(run.id);
      const attributes = { "smarteros.vendor": vendor, "smarteros.action": task.kind };
      span.setAttributes({ ...attributes, "smarteros.run.id": run.id });
      const logged = { runId: run.id, vendor, action: task.kind };
      try {
        const connector = parts.connectors[vendor] as Connector | undefined;
        if (!connector) throw notConfigured(vendor, task.kind);
        const limit = { vendor, operation: task.kind, deadlineMs, caller: signal };
        const result = isObsolete(run, step, tenant, task.kind)
          ? skipped
          : await withDeadline(limit, (limited) => act(connector, { run, step, tenant, intents }, limited));
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

const disable: Act = async (connector, { tenant }, signal) => {
  const id = recordedId(connector.vendor, tenant);
  if (id === undefined) return skipped;
  const switched = await connector.disable(id, tenant.id, signal);
  return { state: switched === "unsupported" ? "unsupported" : "succeeded", external_id: String(id) };
};

const remove: Act = async (connector, { tenant }, signal) => {
  const id = recordedId(connector.vendor, tenant);
  if (id === undefined) return skipped;
  await connector.remove(id, tenant.id, signal);
  return { state: "succeeded", external_id: String(id) };
};

/** Removes what a cancelled run created. */
const undo: Act = async (connector, { step, tenant }, signal) => {
  await connector.remove(resourceId[connector.vendor].parse(step.externalId), tenant.id, signal);
  return { state: "succeeded" };
};

async function read(store: ProvisioningStore, task: ClaimedTask, vendor: Vendor) {
  const [run, tenant] = await Promise.all([
    store.run(String(task.payload.run_id)),
    store.tenant(task.tenantId ?? ""),
  ]);
  const step = run?.steps.find((one) => one.vendor === vendor);
  if (!run || !step || !tenant) throw new TaskError({ problem: { code: "not_found" }, retry: false });
  return { run, step, tenant };
}

/**
 * Returns true when a change after the request made the task obsolete. A run that an event opened follows the current flags,
 * nothing is created for a deleted tenant, nothing of a restored tenant is removed, and no held service is touched.
 */
function isObsolete(run: Run, step: Step, tenant: ProvisionedTenant, kind: string): boolean {
  if (kind === "undo") return step.state === "undone";
  if (tenant.held.includes(step.vendor)) return true;
  if (kind === "remove") return tenant.active;
  if (run.eventId !== null) return isWanted(tenant, step.vendor) !== (kind === "provision");
  return kind === "provision" && !tenant.active;
}

function recordedId(vendor: Vendor, tenant: ProvisionedTenant) {
  const recorded = tenant.externalIds[vendor];
  return recorded === null ? undefined : resourceId[vendor].parse(recorded);
}

// Failures of other kinds need a person, so they are not tried again.
const transient: ReadonlySet<ConnectorError["kind"]> = new Set(["rate_limited", "unavailable", "unknown"]);

/** Converts a vendor's failure to that of the task, whose row decides on another attempt. */
function failureOf(error: ConnectorError): TaskError {
  const { kind, message, remedy, retryAfterMs } = error;
  const retry = transient.has(kind);
  return new TaskError({ problem: { code: kind, message, remedy }, retry, retryAfterMs }, { cause: error });
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
