import * as z from "zod";
import type { ConnectorErrorKind, Remedy } from "./connector-error.ts";
import { type Vendor, vendorDetails, vendors } from "./vendors.ts";

/** An id of a vendor in the form in which a tenant's row records it: a number, or `kind:id`. */
export type ResourceId<Of extends Vendor = Vendor> = Of extends Vendor
  ? IdOfKinds<(typeof vendorDetails)[Of]["idKinds"][number]>
  : never;
type IdOfKinds<Kind extends string> = [Kind] extends [never] ? number : `${Kind}:${string}`;

const numericId = z.coerce.number<number | string>().int().positive().max(2_147_483_647);

function resourceIdOf(kinds: readonly string[]) {
  if (kinds.length === 0) return numericId;
  return z.templateLiteral([z.enum(kinds), ":", z.string().regex(/[\w-]{1,200}/)]);
}

/** Schemas of the vendors' ids. A number is accepted as text as well. */
export const resourceId = Object.fromEntries(
  vendors.map((vendor) => [vendor, resourceIdOf(vendorDetails[vendor].idKinds)]),
) as unknown as { readonly [Of in Vendor]: z.ZodType<ResourceId<Of>> };

/** What a connector is told of a tenant. The name and the RUT are for people to read: nothing is found by them. */
export type Subject = { tenantId: string; businessName: string; rut: string };

/** A workflow that can be called, as it is to be registered for its tenant. */
export type Webhook = { workflow: string; path: string };

/** What a vendor holds for a tenant. */
export type Resource<Of extends Vendor = Vendor> = {
  id: ResourceId<Of>;
  /** The tenant whose id it carries; undefined for what is no one's. */
  tenantId: string | undefined;
  /** As the vendor has it now. */
  name: string;
  /** `incomplete`: a creation ended midway; creating again goes on from there. */
  state: "active" | "disabled" | "incomplete";
  /** Further things that carry the tenant's id and are not in use, such as `workflow:12`. */
  leftovers: readonly string[];
  webhooks: readonly Webhook[];
};

/** How one probe ended; a failed one has the kind and the remedy of its error. */
export type Probe =
  | { ok: true; latencyMs: number }
  | { ok: false; latencyMs: number; kind: ConnectorErrorKind; remedy: Remedy };

/** Whether the vendor's process answers, and whether our credential is taken. The first is green with a wrong key. */
export type Health = { process: Probe; credential: Probe };

/**
 * One vendor. Every method rejects with `ConnectorError`, or with the signal's reason when its caller cancels. What
 * `enable`, `disable` and `remove` are given is read first: they reject with `conflict` where it carries another
 * tenant's id or none, and with `not_found` (`remove` resolves) where it is gone.
 */
export type Connector<Of extends Vendor = Vendor> = {
  readonly vendor: Of;
  /** What a resource of the tenant with such an id is called when it is made: another name there is someone's change. */
  nameOf(subject: Subject, id: ResourceId<Of>): string;
  /** All that carries the tenant's id, switched off or not, the oldest first. */
  find(subject: Subject, signal: AbortSignal): Promise<Resource<Of>[]>;
  /**
   * Creates the tenant's resource or finishes one that is incomplete, without looking for a whole one first: `ensure`
   * does. Rejects with `conflict` when a name that the vendor wants unique is taken.
   */
  create(subject: Subject, signal: AbortSignal): Promise<ResourceId<Of>>;
  /**
   * Writes the tenant's mark on a resource that was not made here, and nothing else where the vendor allows that; `find`
   * has it from then on. Resolves unchanged where the mark is there already, so it may be repeated. Rejects with
   * `not_found` where there is none of that id, and with `conflict`, having changed nothing, where it carries another
   * tenant's mark (`check_recorded_id`), holds something else in the mark's place (`clear_mark_field`), is of a kind that
   * has no such place (`choose_another_resource`), or where the tenant has another one with a mark that the vendor wants
   * unique (`resolve_name_clash`). The caller holds the lock: two at the same time may both write.
   */
  claim(id: ResourceId<Of>, subject: Subject, signal: AbortSignal): Promise<Resource<Of>>;
  /** Resolves to undefined where the vendor has none of that id. */
  read(id: ResourceId<Of>, signal: AbortSignal): Promise<Resource<Of> | undefined>;
  enable(id: ResourceId<Of>, tenantId: string, signal: AbortSignal): Promise<Switched>;
  disable(id: ResourceId<Of>, tenantId: string, signal: AbortSignal): Promise<Switched>;
  /** `pending`: the vendor deletes it later. Rejects with `conflict` when it holds what was not made here. */
  remove(id: ResourceId<Of>, tenantId: string, signal: AbortSignal): Promise<"removed" | "pending">;
  /** Never rejects, but with the reason of the caller's signal. */
  health(signal: AbortSignal): Promise<Health>;
};

/** `unsupported`: the vendor has no such call, and nothing was touched. */
export type Switched = "done" | "unsupported";
