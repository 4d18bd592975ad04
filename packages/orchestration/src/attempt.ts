import { metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { type Connector, ConnectorError, ensure, resourceId, type Vendor } from "@smarteros/connectors";
import type { Logger } from "@smarteros/core";
import { withDeadline } from "./deadline.ts";
import { isWanted, subjectOf } from "./drift.ts";
import type { Limited } from "./lines.ts";
import type { Connectors, ProvisionedTenant, ProvisioningStore, Run, Step, StepEnding } from "./ports.ts";
import { delayAfter, type RetryPolicy } from "./retry-policy.ts";

export type AttemptParts = {
  store: ProvisioningStore;
  connectors: Connectors;
  retries: RetryPolicy;
  /** Milliseconds that one attempt may take. */
  deadlineMs: number;
  logger: Logger;
  /** Lets so many pieces of work at a vendor go on at once. */
  atVendor: Limited;
};

// How long a step waits for another run of the same tenant to let go of the vendor.
const busyDelayMs = 1_000;

/**
 * One attempt of one step, from the lock to the written outcome. May be repeated after a crash at any point: nothing is
 * created before it was looked for, and what has ended is left alone. Resolves to the milliseconds until the next
 * attempt, undefined where the step has ended.
 */
export function attempt(parts: AttemptParts, run: Run, vendor: Vendor): Promise<number | undefined> {
  const options = { kind: SpanKind.CONSUMER, attributes: { "smarteros.run.id": run.id } };
  return trace
    .getTracer("@smarteros/orchestration")
    .startActiveSpan(`provision ${vendor}`, options, async (span) => {
      try {
        return await attempted(parts, run, vendor, span);
      } finally {
        span.end();
      }
    });
}

async function attempted(
  parts: AttemptParts,
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

/** How attempts end; a meter that is taken before metrics are switched on would stay silent. */
const outcomes = () =>
  metrics.getMeter("@smarteros/orchestration").createCounter("smarteros.provision.attempts");

async function act(
  { connectors, deadlineMs, atVendor }: AttemptParts,
  run: Run,
  { vendor, action }: Step,
  tenant: ProvisionedTenant,
): Promise<StepEnding> {
  const connector = connectors[vendor] as Connector | undefined;
  if (!connector)
    throw new ConnectorError({ vendor, operation: action, kind: "validation", remedy: "check_settings" });
  if (isOvertaken(run, action, tenant, vendor)) return { state: "skipped" };
  const limit = { vendor, operation: action, deadlineMs };
  const inLine = <T>(work: (signal: AbortSignal) => Promise<T>) =>
    atVendor(vendor, () => withDeadline(limit, work));
  if (action === "provision") {
    const { resource, created, duplicates } = await inLine((signal) =>
      ensure(connector, subjectOf(tenant), signal),
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
    await inLine((signal) => connector.remove(id, tenant.id, signal));
    return { state: "succeeded", externalId };
  }
  const switched = await inLine((signal) => connector.disable(id, tenant.id, signal));
  return { state: switched === "unsupported" ? "unsupported" : "succeeded", externalId };
}

/**
 * Whether the tenant has changed since the step was asked for: what an event opened follows the flags as they are now,
 * nothing is made for a tenant that is deleted, and nothing removed of one that was restored.
 */
function isOvertaken(run: Run, action: Step["action"], tenant: ProvisionedTenant, vendor: Vendor): boolean {
  if (action === "remove") return tenant.active;
  if (run.eventId !== null) return isWanted(tenant, vendor) !== (action === "provision");
  return action === "provision" && !tenant.active;
}
