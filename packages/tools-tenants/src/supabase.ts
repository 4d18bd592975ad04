import {
  countOf,
  type DatabaseError,
  type DatabaseResponse,
  dataOf,
  olderThan,
  readRows,
  rowsOf,
  type SupabaseClient,
} from "@smarteros/supabase";
import * as z from "zod";
import { activeTwin, quotaExceeded, stillWrong, tenantDeleted } from "./conflicts.ts";
import type { TenantStore } from "./ports.ts";
import { problemOf, problemsOf } from "./review.ts";
import { serviceFlags, tenant, tenantSummary } from "./tenant.ts";

const handedOver = z.object({
  handedOver: z.array(z.string()),
  conflicts: z.array(z.string()),
  notFound: z.array(z.string()),
  more: z.boolean(),
});

const rowInReview = z
  .object({
    id: z.uuid(),
    created_at: z.string(),
    proposal: z.object({
      rut: z.string(),
      business_name: z.string(),
      services_enabled: serviceFlags,
      active: z.boolean(),
    }),
    reasons: z.array(z.string()),
  })
  .transform(({ proposal, reasons, ...row }) => ({ ...row, ...proposal, problems: problemsOf(reasons) }));

const ownerRow = tenant.pick({ id: true, clerk_user_id: true });
const nameRow = tenant.pick({ id: true, business_name: true, rut: true });
const columns = Object.keys(tenant.shape).join(",") as "*";
const summaryColumns = Object.keys(tenantSummary.shape).join(",") as "*";

/** Stores tenants in Supabase, as the user of the client. Row level security decides which are visible. */
export function supabaseTenants(client: SupabaseClient): TenantStore {
  return {
    async list({ limit, after, includeInactive, search }, { principal, signal }) {
      const first = after && { created_at: after.createdAt, id: after.id };
      const rows = await readRows<{ created_at: string; id: string }>((last = first, most) => {
        const wanted = {
          p_limit: most,
          p_include_inactive: includeInactive,
          ...(last ? { p_before: last.created_at, p_before_id: last.id } : {}),
          ...(search ? { p_search: search } : {}),
          // The owner's id lets the database use the owner's index; row level security is what excludes other tenants.
          ...(principal.seesAllTenants ? {} : { p_owner: principal.userId }),
        };
        return client
          .rpc("list_tenants", wanted, { count: "exact" })
          .select(summaryColumns)
          .abortSignal(signal);
      }, limit);
      return tenantSummary.array().parse(rows);
    },

    find: (id, { signal }) => find(id, signal),

    async owners(ids, { signal }) {
      const rows = await byIds(ownerRow, ids, signal);
      return new Map(rows.map(({ id, clerk_user_id: owner }) => [id, owner]));
    },

    async names(ids, { signal }) {
      const rows = await byIds(nameRow, ids, signal);
      return new Map(rows.map(({ id, business_name: name, rut }) => [id, { name, rut }]));
    },

    async create({ rut, businessName, services }, { principal, signal }) {
      const response = await client
        .rpc("create_tenant", { p_rut: rut, p_business_name: businessName, p_services: services ?? {} })
        .select(columns)
        .abortSignal(signal);
      if (response.error?.code === "23505")
        throw await conflictOver({ rut, owner: principal.userId }, signal);
      if (response.error?.message === "quota_exceeded") throw quotaExceeded(response.error);
      const created = firstOf(response);
      if (!created) throw new Error("create_tenant returned no row");
      return created;
    },

    async mergeServices(id, services, { signal }) {
      const response = await client
        .rpc("merge_services", { p_id: id, p_services: services })
        .select(columns)
        .abortSignal(signal);
      if (response.error?.message === "tenant_deleted") throw tenantDeleted(id, response.error);
      return firstOf(response);
    },

    async delete(id, { deprovision }, { signal }) {
      return firstOf(
        await client
          .rpc("set_tenant_active", { p_id: id, p_active: false, p_deprovision: deprovision })
          .select(columns)
          .abortSignal(signal),
      );
    },

    async restore(id, { principal, signal }) {
      const response = await client
        .rpc("set_tenant_active", { p_id: id, p_active: true })
        .select(columns)
        .abortSignal(signal);
      if (response.error?.message === "quota_exceeded") throw quotaExceeded(response.error);
      if (response.error?.code !== "23505") return firstOf(response);
      const deleted = await find(id, signal);
      if (deleted?.clerk_user_id !== principal.userId) throw activeTwin(undefined);
      throw await conflictOver({ rut: deleted.rut, owner: principal.userId }, signal);
    },

    async listInReview({ limit, after }, { principal, signal }) {
      const first = after && { created_at: after.createdAt, id: after.id };
      const rows = await readRows<{ created_at: string; id: string }>((last = first, most) => {
        const query = client
          .from("tenants_in_review")
          .select("id,created_at,proposal,reasons")
          .match(principal.seesAllTenants ? {} : { clerk_user_id: principal.userId })
          .order("created_at", { ascending: false })
          .order("id", { ascending: false })
          .limit(most)
          .abortSignal(signal);
        return last ? query.or(olderThan("created_at", { at: last.created_at, id: last.id })) : query;
      }, limit);
      return rowInReview.array().parse(rows);
    },

    async countInReview({ principal, signal }) {
      const response = await client
        .from("tenants_in_review")
        .select("id", { count: "exact" })
        .match(principal.seesAllTenants ? {} : { clerk_user_id: principal.userId })
        .limit(1)
        .abortSignal(signal);
      return countOf(response);
    },

    async resolve(id, { rut, businessName, services }, { principal, signal }) {
      const response = await client
        .rpc("resolve_tenant", {
          p_id: id,
          ...(rut === undefined ? {} : { p_rut: rut }),
          ...(businessName === undefined ? {} : { p_business_name: businessName }),
          ...(services === undefined ? {} : { p_services: services }),
        })
        .select(columns)
        .abortSignal(signal);
      if (response.error?.code === "23505")
        throw rut ? await conflictOver({ rut, owner: principal.userId }, signal) : activeTwin(undefined);
      const constraint = response.error?.code === "23514" && constraintOf(response.error);
      if (constraint) throw stillWrong(problemOf(constraint), response.error);
      return firstOf(response);
    },

    async handOver({ from, to, tenantIds, dryRun }, { signal }) {
      const request = { p_from: from, p_to: to, p_dry_run: dryRun };
      const response = await client
        .rpc("hand_over_tenants", tenantIds ? { ...request, p_tenant_ids: tenantIds } : request)
        .abortSignal(signal);
      return handedOver.parse(dataOf(response));
    },
  };

  async function find(id: string, signal: AbortSignal) {
    return firstOf(await client.from("tenants").select(columns).eq("id", id).abortSignal(signal));
  }

  /** Reads the columns of a schema, `id` among them, of tenants. */
  async function byIds<Row>(schema: z.ZodObject & z.ZodType<Row>, ids: string[], signal: AbortSignal) {
    const columns = Object.keys(schema.shape).join(",") as "*";
    const rows = await readRows<{ id: string }>((last, limit) => {
      const those = client
        .from("tenants")
        .select(columns, { count: "exact" })
        .in("id", ids)
        .order("id")
        .limit(limit)
        .abortSignal(signal);
      return last ? those.gt("id", last.id) : those;
    });
    return rows.map((row) => schema.parse(row));
  }

  async function conflictOver({ rut, owner }: { rut: string; owner: string }, signal: AbortSignal) {
    const response = await client
      .from("tenants")
      .select(columns)
      .eq("rut", rut)
      .eq("clerk_user_id", owner)
      .eq("active", true)
      .abortSignal(signal);
    return activeTwin(firstOf(response)?.id);
  }
}

function firstOf(response: DatabaseResponse<unknown[] | null>) {
  const [row] = rowsOf(response);
  return row === undefined ? undefined : tenant.parse(row);
}

/** Finds the constraint that a refused row broke; PostgREST has it only in the message. */
function constraintOf({ message }: DatabaseError): string | undefined {
  return /check constraint "(?<name>[a-z0-9_]+)"/.exec(message ?? "")?.groups?.name;
}
