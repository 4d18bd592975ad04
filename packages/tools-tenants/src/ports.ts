import type { Call } from "@smarteros/core";
import type { PagePosition } from "@smarteros/core/cursor";
import type { ServiceFlags, Tenant, TenantInReview, TenantSummary } from "./tenant.ts";

export type NewTenant = { rut: string; businessName: string; services?: Partial<ServiceFlags> | undefined };

export type TenantName = { name: string; rut: string };

export type TenantQuery = {
  limit: number;
  after?: PagePosition | undefined;
  includeInactive: boolean;
  search?: string | undefined;
};

/** The part of a call that decides what is read: who reads, and until when. */
export type Reader = Pick<Call, "principal" | "signal">;

/**
 * Tenants as one principal may see and change them: an owner's own, all for support and administrators. Others are reported
 * as missing. Every method may reject with the errors of its database.
 */
export type TenantStore = {
  /** Lists newest first. `search` is a part of the name, ignoring accents and case, or of the RUT, ignoring punctuation. */
  list(query: TenantQuery, call: Call): Promise<TenantSummary[]>;
  /** Resolves to undefined for a missing tenant and for one that the principal may not see. */
  find(id: string, call: Call): Promise<Tenant | undefined>;
  /** Reads the owners by the ids of tenants, without those that the principal may not see. */
  owners(ids: string[], reader: Reader): Promise<Map<string, string>>;
  /** Reads names and RUTs by the ids of tenants, without those that the principal may not see. */
  names(ids: string[], reader: Reader): Promise<Map<string, TenantName>>;
  /**
   * Inserts. Rejects with `conflict` and the twin's id when the principal already owns an active tenant with this RUT, and
   * with `quota_exceeded` when they own as many as one owner may.
   */
  create(tenant: NewTenant, call: Call): Promise<Tenant>;
  /** Sets the given flags and leaves the others, in one statement. Rejects with `conflict` for a deleted tenant. */
  mergeServices(id: string, services: Partial<ServiceFlags>, call: Call): Promise<Tenant | undefined>;
  /**
   * Deletes softly; does nothing where that is done already. `deprovision` requests, each time, that the tenant's services
   * are disabled at their vendors.
   */
  delete(id: string, options: { deprovision: boolean }, call: Call): Promise<Tenant | undefined>;
  /** Restores; does nothing where that is done already. Rejects with `conflict` where there is an active twin. */
  restore(id: string, call: Call): Promise<Tenant | undefined>;
  /** Rows of an earlier release that break a rule, newest first. */
  listInReview(query: Pick<TenantQuery, "limit" | "after">, call: Call): Promise<TenantInReview[]>;
  /** Counts the rows in review that the principal may see. */
  countInReview(reader: Reader): Promise<number>;
  /**
   * Makes a tenant of a row in review, with the given values in place of the row's. Rejects with `invalid_input` that names
   * the remaining problem, and with `conflict` for a twin; the row then stays in review. Resolves to undefined for a row
   * that is missing or not visible to the principal.
   */
  resolve(id: string, corrected: Partial<NewTenant>, call: Call): Promise<Tenant | undefined>;
  /** Hands tenants over to another owner, 500 at most a call; for administrators. */
  handOver(request: HandOver, call: Call): Promise<HandedOver>;
};

export type HandOver = {
  from: string;
  to: string;
  /** All of `from`'s where undefined. */
  tenantIds: string[] | undefined;
  dryRun: boolean;
};

/** Ids of tenants; `more` where the owner has more than one call hands over. */
export type HandedOver = { handedOver: string[]; conflicts: string[]; notFound: string[]; more: boolean };

export type TenantPorts = { tenants: TenantStore };
