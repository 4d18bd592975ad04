import type { Call } from "@smarteros/core";
import type { PagePosition } from "@smarteros/core/cursor";
import type { ServiceFlags, Tenant, TenantInReview, TenantSummary } from "./tenant.ts";

export type NewTenant = { rut: string; businessName: string; services?: Partial<ServiceFlags> | undefined };

export type TenantQuery = {
  limit: number;
  after?: PagePosition | undefined;
  includeInactive: boolean;
  search?: string | undefined;
};

/**
 * Tenants as one principal may see and change them: an owner's own, all for support and administrators. What the principal may not
 * see is as if it were not there. Every method may reject with the errors of its database.
 */
export type TenantStore = {
  /** Newest first. `search` is a part of the name, accents and case aside, or of the RUT, punctuation aside. */
  list(query: TenantQuery, call: Call): Promise<TenantSummary[]>;
  /** Resolves to undefined for a missing tenant and for one that the principal may not see. */
  find(id: string, call: Call): Promise<Tenant | undefined>;
  /**
   * Inserts. Rejects with `conflict` and the twin's id when the principal already owns an active tenant with this RUT, and
   * with `quota_exceeded` when they own as many as one owner may.
   */
  create(tenant: NewTenant, call: Call): Promise<Tenant>;
  /** Sets the given flags and leaves the others, in one statement. Rejects with `conflict` for a deleted tenant. */
  mergeServices(id: string, services: Partial<ServiceFlags>, call: Call): Promise<Tenant | undefined>;
  /**
   * Deletes softly; does nothing where it is so already. `deprovision` also asks, each time, for the tenant's services to
   * be switched off at their vendors.
   */
  delete(id: string, options: { deprovision: boolean }, call: Call): Promise<Tenant | undefined>;
  /** Brings back; does nothing where it is so already. Rejects with `conflict` when an active twin is in the way. */
  restore(id: string, call: Call): Promise<Tenant | undefined>;
  /** Rows of an earlier release that break a rule, newest first. */
  listInReview(query: Pick<TenantQuery, "limit" | "after">, call: Call): Promise<TenantInReview[]>;
  /**
   * Makes a tenant of a row in review, with the values given in place of its own. Rejects with `invalid_input` that names
   * what is still wrong, and with `conflict` for a twin; the row then stays in review. Resolves to undefined for none that
   * the principal may see.
   */
  resolve(id: string, corrected: Partial<NewTenant>, call: Call): Promise<Tenant | undefined>;
  /** Gives tenants to another owner, 500 at most a call; for administrators. */
  handOver(request: HandOver, call: Call): Promise<HandedOver>;
};

export type HandOver = {
  from: string;
  to: string;
  /** Undefined: all of `from`'s. */
  tenantIds: string[] | undefined;
  dryRun: boolean;
};

/** Ids of tenants; `more` where the owner has more than one call hands over. */
export type HandedOver = { handedOver: string[]; conflicts: string[]; notFound: string[]; more: boolean };

export type TenantPorts = { tenants: TenantStore };
