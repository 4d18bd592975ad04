import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { vendors } from "@smarteros/connectors/vendors";
import postgres from "postgres";

const folder = process.env.SMARTEROS_DATA_DIR ?? "";

type InReview = { rut: string; business_name: string };

/** What an upgrade leaves, in the tests' database: its tables take rows from no one but the upgrade itself. */
export function upgradeRows() {
  const { passwords } = JSON.parse(readFileSync(path.join(folder, "secrets.json"), "utf8"));
  // https://www.postgresql.org/docs/17/storage-file-layout.html: the port is the fourth line.
  const port = readFileSync(path.join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[3];
  const sql = postgres(`postgres://supabase_admin:${passwords.supabase_admin}@127.0.0.1:${port}/postgres`, {
    max: 1,
  });
  return {
    /** Puts a row in review; resolves to its id. */
    async review(owner: string, given: InReview, reasons: string[]): Promise<string> {
      const id = randomUUID();
      const created_at = new Date().toISOString();
      const row = { id, clerk_user_id: owner, active: true, created_at, updated_at: created_at, ...given };
      const proposal = {
        ...row,
        deleted_at: null,
        services_enabled: { crm: true, bot: false, erp: false, workflows: false, kpi: false },
      };
      await sql`insert into public.tenants_in_review (id, clerk_user_id, row, proposal, reasons, created_at)
        values (${id}, ${owner}, ${sql.json(row)}, ${sql.json(proposal)}, ${reasons}, ${created_at})`;
      return id;
    },
    /** Holds every service of a tenant. */
    async hold(tenantId: string): Promise<void> {
      await sql`insert into public.provision_holds (tenant_id, vendor)
        select ${tenantId}, v from unnest(${[...vendors]}::text[]) v`;
    },
    /**
     * Forgets a company at Odoo: a sandbox that another test has reset counts its ids from the beginning, and a tenant of
     * before may still have this one.
     */
    async forget(companyId: number): Promise<void> {
      await sql`update public.tenants set odoo_company_id = null where odoo_company_id = ${companyId}`;
    },
    /** Records what a tenant had at Odoo, and wants it. */
    async record(tenantId: string, companyId: number): Promise<void> {
      await sql`update public.tenants
        set odoo_company_id = ${companyId}, services_enabled = services_enabled || '{"erp": true}'
        where id = ${tenantId}`;
    },
    end: () => sql.end(),
  };
}
