import * as z from "zod";
import type { ConnectorErrorKind, Remedy } from "./connector-error.ts";
import type { Creation } from "./creation.ts";
import { type Vendor, vendorDetails, vendors } from "./vendors.ts";

/** Id of a vendor's resource as a tenant's row records it: a number, or `kind:id`. */
export type ResourceId<Of extends Vendor = Vendor> = Of extends Vendor
  ? IdOfKinds<(typeof vendorDetails)[Of]["idKinds"][number]>
  : never;
type IdOfKinds<Kind extends string> = [Kind] extends [never] ? number : `${Kind}:${string}`;

const numericId = z.coerce.number<number | string>().int().positive().max(2_147_483_647);

function resourceIdOf(kinds: readonly string[]) {
  if (kinds.length === 0) return numericId;
  return z.templateLiteral([z.enum(kinds), ":", z.string().regex(/[\w-]{1,200}/)]);
}

/** Schemas of the ids. They also accept a number as text. */
export const resourceId = Object.fromEntries(
  vendors.map((vendor) => [vendor, resourceIdOf(vendorDetails[vendor].idKinds)]),
) as unknown as { readonly [Of in Vendor]: z.ZodType<ResourceId<Of>> };

/** The tenant of a call. Name and RUT are display data; resources are found only by the tenant's id. */
export type Subject = { tenantId: string; businessName: string; rut: string };

/** A callable workflow to register for its tenant. */
export type Webhook = { workflow: string; path: string };

/** A resource at a vendor. */
export type Resource<Of extends Vendor = Vendor> = {
  id: ResourceId<Of>;
  /** Tenant id that it carries; undefined if it carries none. */
  tenantId: string | undefined;
  /** Current name at the vendor. */
  name: string;
  /** `incomplete`: a creation was interrupted; `create` completes it. */
  state: "active" | "disabled" | "incomplete";
  /** True for an incomplete resource that `create` completes with a new object, which an open intent may still create. */
  lacksContents?: boolean;
  /** Unused objects that carry the tenant's id, such as `workflow:12`. */
  leftovers: readonly string[];
  webhooks: readonly Webhook[];
};

/** Result of one probe. A failed probe has the kind and the remedy of its error. */
export type Probe =
  | { ok: true; latencyMs: number }
  | { ok: false; latencyMs: number; kind: ConnectorErrorKind; remedy: Remedy };

/** Health of a vendor: its process responds, and it accepts the credential. The first does not need the credential. */
export type Health = { process: Probe; credential: Probe };

/**
 * How it is found out whether a creation with an unknown outcome took effect. `unique_name`: the vendor refuses a second
 * resource of the name, so that creating again is safe. `consistent_list`: lists show a resource as soon as it exists, so
 * that searches prove its absence after `settleAfterMs`. `uncertain_list`: lists may lag, so that after `settleAfterMs` a
 * person has to decide.
 */
export type Settling = {
  kind: "unique_name" | "consistent_list" | "uncertain_list";
  settleAfterMs: number;
};

/** Milliseconds after which a vendor has committed or dropped a request: above the timeouts of usual proxies and servers. */
export const settleAfterMs = 10 * 60_000;

/**
 * Operations on the resources of tenants at one vendor. Every method rejects with `ConnectorError`, or with the signal's
 * reason when it aborts. `enable`, `disable` and `remove` read the resource first: they reject with `conflict` when it
 * carries another tenant's id or none, and with `not_found` when it does not exist, in which case `remove` resolves.
 */
export type Connector<Of extends Vendor = Vendor> = {
  readonly vendor: Of;
  readonly settling: Settling;
  /** Returns the name that a new resource of the tenant gets. A different name at the vendor means that a person changed it. */
  nameOf(subject: Subject, id: ResourceId<Of>): string;
  /** Returns the name that an earlier release gave, which is no name of a person either; absent if there is none. */
  formerNameOf?(subject: Subject, id: ResourceId<Of>): string;
  /** Resolves to all resources with the tenant's id, also disabled ones, oldest first. */
  find(subject: Subject, signal: AbortSignal): Promise<Resource<Of>[]>;
  /**
   * Creates the tenant's resource or completes `unfinished`, the incomplete one that `ensure` found. Passes each state-changing request to `creation`. Rejects with `conflict` when the vendor requires unique names
   * and the name is taken.
   */
  create(
    subject: Subject,
    signal: AbortSignal,
    creation: Creation,
    unfinished?: Resource<Of>,
  ): Promise<ResourceId<Of>>;
  /**
   * Writes the tenant's mark on a resource that the connector did not create, so that `find` returns it. Changes nothing
   * else, as far as the vendor allows. Idempotent. Rejects with `not_found` when the resource does not exist. Rejects with
   * `conflict`, without a change, when the resource carries another tenant's mark (`check_recorded_id`), when the field of
   * the mark is in use (`clear_mark_field`), when its kind has no such field (`choose_another_resource`), and when the mark
   * must be unique and another resource of the tenant has it (`resolve_name_clash`). The caller has to hold a lock, because
   * concurrent calls may both write.
   */
  claim(id: ResourceId<Of>, subject: Subject, signal: AbortSignal): Promise<Resource<Of>>;
  /** Resolves to undefined when the resource does not exist. */
  read(id: ResourceId<Of>, signal: AbortSignal): Promise<Resource<Of> | undefined>;
  enable(id: ResourceId<Of>, tenantId: string, signal: AbortSignal): Promise<Switched>;
  disable(id: ResourceId<Of>, tenantId: string, signal: AbortSignal): Promise<Switched>;
  /** `pending`: the vendor deletes it later. Rejects with `conflict` when it contains objects that the connector did not create. */
  remove(id: ResourceId<Of>, tenantId: string, signal: AbortSignal): Promise<"removed" | "pending">;
  /** Rejects only with the reason of the signal. */
  health(signal: AbortSignal): Promise<Health>;
};

/** `unsupported`: the vendor has no such call, and nothing changed. */
export type Switched = "done" | "unsupported";
