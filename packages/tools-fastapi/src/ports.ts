import type { Call } from "@smarteros/core";
import type * as z from "zod";
import type { AllowList } from "./allow-list.ts";
import type * as wire from "./provisioning.ts";
import type { backendResponse } from "./response.ts";

/** A request as its caller words it, of which nothing has been checked, and the list that it is held against. */
export type BackendRequest = {
  allowed: AllowList;
  method: "GET" | "POST";
  path: string;
  query?: Record<string, string | number | boolean> | undefined;
  body?: unknown;
};

export type BackendResponse = z.infer<typeof backendResponse>;

/** A request of a tool with a fixed path: its method is fixed, its path is built from checked parts. */
export type FixedRequest<Schema extends z.ZodType = z.ZodType> = {
  method: "GET" | "POST" | "PUT";
  path: string;
  query?: Record<string, string> | undefined;
  body?: unknown;
  response: Schema;
  /** Returns whether a response is about the request: the backend is not trusted. */
  matches(response: z.output<Schema>): boolean;
  /** Milliseconds for all of it; the backend's own deadline by default. */
  deadlineMs?: number;
};

/** A backend of SmarterOS, or the service behind FASTAPI_URL, called on behalf of a call's principal. */
export type Backend = {
  /**
   * Resolves to the backend's response of 2xx or 4xx. Rejects with `invalid_input` for a path that is not on the
   * allow-list, `forbidden` for one that needs another capability, `upstream_timeout` without a complete response in time, and
   * for any other response or none with the backend's own refusal where it has the shape of one (`unavailable`, a vendor's
   * failure), else with `upstream_error`. The call's signal aborts the request itself.
   */
  request(request: BackendRequest, call: Call): Promise<BackendResponse>;
  /**
   * Resolves to the backend's parsed response of 2xx. Rejects with the backend's own refusal where it has the shape of one,
   * and with `upstream_error` for any other; timeout and cancellation as above.
   */
  fetch<Schema extends z.ZodType>(request: FixedRequest<Schema>, call: Call): Promise<z.output<Schema>>;
};

export type BackendPorts = { backend: Backend };

type Run = z.output<typeof wire.run>;
type Services = z.output<typeof wire.services>;
type OfServices = { tenantId: string; services: Services };
type RunFilter = z.output<typeof wire.runFilter> & { dryRun: boolean };
type Comparison = {
  tenantId?: string | undefined;
  vendor?: Services[number] | undefined;
  repair: boolean;
  after?: string | undefined;
};
type Adoption = { tenantId: string; service: Services[number]; externalId: string };
type Delivery = {
  tenantId: string;
  workflow: string;
  payload: Record<string, unknown>;
  deliveryId: string;
};
type Registration = { tenantId: string; workflow: string; path: string };

/**
 * Services and workflows of tenants, as the principal of a call. What another owner's tenant has is `not_found`, as what does
 * not exist; a rule that forbids the request is a `conflict`. A run is returned without waiting and goes on; plan, adoption,
 * comparison and trigger wait for a worker, and reject with `unavailable` where none has reported for two minutes.
 */
export type Provisioning = {
  /** Opens a run, or resolves to the open one of the same services. */
  provision(request: OfServices & { createNew: boolean }, call: Call): Promise<Run>;
  plan(request: OfServices, call: Call): Promise<z.output<typeof wire.plan>>;
  status(tenantId: string, call: Call): Promise<z.output<typeof wire.tenantStatus>>;
  retry(runId: string, call: Call): Promise<Run>;
  cancel(runId: string, call: Call): Promise<Run>;
  /** Retries the latest failures that match, at most 100 runs; a dry run counts them. */
  retryMatching(filter: RunFilter, call: Call): Promise<z.output<typeof wire.changedRuns>>;
  /** Cancels the open runs that match, at most 100; a dry run counts them. */
  cancelMatching(filter: RunFilter, call: Call): Promise<z.output<typeof wire.changedRuns>>;
  /** Compares the services of a tenant, or of the next ten tenants, with their vendors; with `repair` opens the runs that close the differences. */
  reconcile(comparison: Comparison, call: Call): Promise<z.output<typeof wire.reconciliation>>;
  adopt(request: Adoption, call: Call): Promise<z.output<typeof wire.adoption>>;
  /** Opens a run that removes services of a deleted tenant, after its grace period. */
  remove(request: OfServices, call: Call): Promise<Run>;
  /** Calls a registered workflow once. Rejects with the vendor's failure. */
  trigger(delivery: Delivery, call: Call): Promise<z.output<typeof wire.triggerResponse>>;
  register(registration: Registration, call: Call): Promise<z.output<typeof wire.registration>>;
};

/** What a person has to do at the vendors before the services of a tenant work. */
export type Checklist = {
  /** Ticks an item, or unticks it. Resolves to false where the principal sees no such item of an active tenant. */
  check(
    item: { tenantId: string; service: Services[number]; item: string; done: boolean },
    signal: AbortSignal,
  ): Promise<boolean>;
};
export type ChecklistPorts = { checklist: Checklist };

export type ProvisioningPorts = { provisioning: Provisioning };
