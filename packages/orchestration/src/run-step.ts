import { metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { type Connector, ConnectorError, ensure, resourceId, type Vendor } from "@smarteros/connectors";
import { memoryIntents } from "@smarteros/connectors/testing";
import type { Logger } from "@smarteros/core";
import { withDeadline } from "./deadline.ts";
import { isWanted, subjectOf } from "./drift.ts";
import type { Connectors, ProvisionedTenant, ProvisioningStore, Run, Step, StepEnding } from "./ports.ts";
import { delayAfter, type RetryPolicy } from "./retry-policy.ts";
import type { VendorQueue } from "./vendor-queue.ts";

export type StepParts = {
  store: ProvisioningStore;
  connectors: Connectors;
  retries: RetryPolicy;
  /** Timeout of one attempt, in milliseconds. */
  deadlineMs: number;
  logger: Logger;
  /** Limits concurrent calls per vendor. */
  vendorQueue: VendorQueue;
};

// TEMPORARY: intents of one attempt, until the database's are wired. A retry does not know them.
const temporaryIntents = memoryIntents;

// Delay before a step tries again to lock a vendor that another run of the tenant has locked.
const busyDelayMs = 1_000;

/**
 * Runs one attempt of one step: locks the step, calls the vendor, stores the outcome. Idempotent, so that it can be
 * repeated after a crash at any point: it searches before it creates, and does nothing for a step that has ended.
 * Resolves to the milliseconds until the next attempt, and to undefined when the step has ended.
 */
export function runStep(parts: StepParts, run: Run, vendor: Vendor): Promise<number | undefined> {
  const options = { kind: SpanKind.CONSUMER, attributes: { "smarteros.run.id": run.id } };
  return trace
    .getTracer("@smarteros/orchestration")
    .startActiveSpan(`provision ${vendor}`, options, async (span) => {
      try {
        return await runInSpan(parts, run, vendor, span);
      } finally {
        span.end();
      }
    });
}

async function runInSpan(
  parts: StepParts,
  run: Run,
  vendor: Vendor,
  span: Span,
): Promise<number | undefined> {
  const { store, retries, logger } = parts;
  const step = await store.begin(run.id, vendor);
  if (step === "over") return undefined;
  if (step === "busy") return busyDelayMs;
  const attributes = { "smarteros.vendor": vendor, "smarteros.action": step.action };
  span.updateName(`${step.action} ${vendor}`).setAttributes(attributes);
  const tenant = await store.tenant(run.tenantId);
  try {
    const ending = tenant ? await act(parts, run, step, tenant) : ({ state: "skipped" } as const);
    await store.end(run.id, vendor, ending);
    outcomes().add(1, { ...attributes, "smarteros.state": ending.state });
    logger.info("PROVISION_STEP", { runId: run.id, vendor, action: step.action, state: ending.state });
    return undefined;
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    const { kind, message, remedy } = thrown;
    span.setStatus({ code: SpanStatusCode.ERROR, message: kind }).setAttribute("error.type", kind);
    const delayMs = delayAfter(thrown, step.attempts, retries);
    const error = { kind, message, remedy };
    logger.error("PROVISION_STEP", { runId: run.id, vendor, action: step.action, kind, remedy, delayMs });
    outcomes().add(1, {
      ...attributes,
      "smarteros.state": delayMs === undefined ? "failed" : "waiting",
      "error.type": kind,
    });
    await store.end(
      run.id,
      vendor,
      delayMs === undefined
        ? { state: "failed", error }
        : { state: "waiting", error, nextAttemptAt: new Date(Date.now() + delayMs) },
    );
    return delayMs;
  }
}

/** Counts attempts by outcome. Read on each use: a meter obtained before metrics are enabled records nothing. */
const outcomes = () =>
  metrics.getMeter("@smarteros/orchestration").createCounter("smarteros.provision.attempts");

async function act(
  { connectors, deadlineMs, vendorQueue }: StepParts,
  run: Run,
  { vendor, action }: Step,
  tenant: ProvisionedTenant,
): Promise<StepEnding> {
  const connector = connectors[vendor] as Connector | undefined;
  if (!connector)
    throw new ConnectorError({ vendor, operation: action, kind: "validation", remedy: "check_settings" });
  if (isObsolete(run, action, tenant, vendor)) return { state: "skipped" };
  const limit = { vendor, operation: action, deadlineMs };
  const queued = <T>(work: (signal: AbortSignal) => Promise<T>) =>
    vendorQueue(vendor, () => withDeadline(limit, work));
  if (action === "provision") {
    const { resource, created, duplicates } = await queued((signal) =>
      ensure(connector, subjectOf(tenant), { signal, intents: temporaryIntents() }),
    );
    return {
      state: "succeeded",
      externalId: String(resource.id),
      created: created !== undefined,
      duplicates,
      webhooks: resource.webhooks,
    };
  }
  const recorded = tenant.externalIds[vendor];
  if (recorded === null) return { state: "skipped" };
  const id = resourceId[vendor].parse(recorded);
  const externalId = String(id);
  if (action === "remove") {
    await queued((signal) => connector.remove(id, tenant.id, signal));
    return { state: "succeeded", externalId };
  }
  const switched = await queued((signal) => connector.disable(id, tenant.id, signal));
  return { state: switched === "unsupported" ? "unsupported" : "succeeded", externalId };
}

/**
 * Returns true when a change of the tenant after the request made the step obsolete. A run that an event opened follows
 * the current flags, nothing is created for a deleted tenant, and nothing of a restored tenant is removed.
 */
function isObsolete(run: Run, action: Step["action"], tenant: ProvisionedTenant, vendor: Vendor): boolean {
  if (action === "remove") return tenant.active;
  if (run.eventId !== null) return isWanted(tenant, vendor) !== (action === "provision");
  return action === "provision" && !tenant.active;
}
