import { type Call, type Principal, uuidv7 } from "@smarteros/core";
import { activeTwin, tenantDeleted } from "./conflicts.ts";
import type { TenantStore } from "./ports.ts";
import { type ServiceFlags, serviceFlags, type Tenant } from "./tenant.ts";

const allOff = Object.fromEntries(
  Object.keys(serviceFlags.shape).map((flag) => [flag, false]),
) as ServiceFlags;

/** Calculates a check digit by the official weights 2 to 7 (SII), written apart from the library that the product uses. */
export function checkDigit(body: number): string {
  const weighted = [...String(body)]
    .reverse()
    .reduce((sum, digit, index) => sum + Number(digit) * (2 + (index % 6)), 0);
  const rest = 11 - (weighted % 11);
  return rest === 11 ? "0" : rest === 10 ? "K" : String(rest);
}

/** Returns a valid RUT in stored form, from a range so wide that two tests do not meet. */
export function randomRut(): string {
  const body = 1_000_000 + Math.floor(Math.random() * 98_999_999);
  return `${body}-${checkDigit(body)}`;
}

/** Builds a tenant store in memory that passes the contract of the database's, for tests and for trying tools out. */
export function memoryTenants(): TenantStore {
  const rows = new Map<string, Tenant>();

  const sees = (principal: Principal, row: Tenant) =>
    principal.seesAllTenants || row.clerk_user_id === principal.userId;

  const find = (id: string, { principal }: Call) => {
    const row = rows.get(id);
    return row && sees(principal, row) ? row : undefined;
  };

  const visible = (ids: string[], principal: Principal) =>
    ids.flatMap((id) => rows.get(id) ?? []).filter((row) => sees(principal, row));

  function refuseTwin(rut: string, owner: string, { principal }: Call, except?: string) {
    for (const row of rows.values()) {
      if (row.active && row.rut === rut && row.clerk_user_id === owner && row.id !== except) {
        throw activeTwin(owner === principal.userId ? row.id : undefined);
      }
    }
  }

  function save(row: Tenant): Tenant {
    const saved = { ...row, updated_at: new Date().toISOString() };
    rows.set(row.id, saved);
    return saved;
  }

  return {
    async list({ limit, after, includeInactive, search }, { principal }) {
      return [...rows.values()]
        .filter((row) => sees(principal, row) && (includeInactive || row.active) && matches(row, search))
        .sort((a, b) => compare(b.created_at, a.created_at) || compare(b.id, a.id))
        .filter(
          (row) => !after || (compare(row.created_at, after.createdAt) || compare(row.id, after.id)) < 0,
        )
        .slice(0, limit)
        .map(({ id, rut, business_name, services_enabled, active, created_at }) => ({
          id,
          rut,
          business_name,
          services_enabled,
          active,
          created_at,
        }));
    },
    find: async (id, call) => find(id, call),
    owners: async (ids, { principal }) =>
      new Map(visible(ids, principal).map(({ id, clerk_user_id: owner }) => [id, owner])),
    names: async (ids, { principal }) =>
      new Map(visible(ids, principal).map(({ id, business_name: name, rut }) => [id, { name, rut }])),
    async create({ rut, businessName, services }, call) {
      const owner = call.principal.userId;
      refuseTwin(rut, owner, call);
      const now = new Date().toISOString();
      return save({
        id: uuidv7(),
        rut,
        business_name: businessName,
        clerk_user_id: owner,
        services_enabled: { ...allOff, ...services },
        chatwoot_inbox_id: null,
        botpress_workspace_id: null,
        odoo_company_id: null,
        n8n_project_id: null,
        metabase_dashboard_id: null,
        active: true,
        created_at: now,
        updated_at: now,
        deleted_at: null,
      });
    },
    async mergeServices(id, services, call) {
      const row = find(id, call);
      if (!row) return undefined;
      if (!row.active) throw tenantDeleted(id);
      return save({ ...row, services_enabled: { ...row.services_enabled, ...services } });
    },
    // Nothing provisions the services of a tenant in memory, so deprovisioning is a no-op.
    async delete(id, _options, call) {
      const row = find(id, call);
      if (!row?.active) return row;
      return save({ ...row, active: false, deleted_at: new Date().toISOString() });
    },
    // Only a database has an earlier release's rows.
    listInReview: async () => [],
    countInReview: async () => 0,
    resolve: async () => undefined,
    async handOver({ from, to, tenantIds, dryRun }) {
      const owned = [...rows.values()].filter(
        (row) => row.clerk_user_id === from && (!tenantIds || tenantIds.includes(row.id)),
      );
      const hasTwin = (row: Tenant) =>
        row.active &&
        [...rows.values()].some((twin) => twin.clerk_user_id === to && twin.active && twin.rut === row.rut);
      const handed = owned.filter((row) => !hasTwin(row));
      if (!dryRun) for (const row of handed) save({ ...row, clerk_user_id: to });
      const idsOf = (some: Tenant[]) => some.map(({ id }) => id).sort();
      return {
        handedOver: idsOf(handed),
        conflicts: idsOf(owned.filter(hasTwin)),
        notFound: (tenantIds ?? []).filter((id) => !owned.some((row) => row.id === id)),
        more: false,
      };
    },
    async restore(id, call) {
      const row = find(id, call);
      if (!row || row.active) return row;
      refuseTwin(row.rut, row.clerk_user_id, call, id);
      return save({ ...row, active: true, deleted_at: null });
    },
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function matches(row: Tenant, search: string | undefined): boolean {
  if (!search) return true;
  const digits = search.replace(/[.\s-]/g, "").toUpperCase();
  const inRut = digits !== "" && row.rut.replace("-", "").includes(digits);
  return inRut || plain(row.business_name).includes(plain(search));
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
