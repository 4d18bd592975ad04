import { asService } from "@smarteros/supabase";
import { randomRut } from "@smarteros/tools-tenants/testing";
import postgres from "postgres";
import { supabaseProvisioning } from "./supabase.ts";

export type Project = { supabaseUrl: string; secretKey: string; postgresUrl: string; superuserUrl: string };

/** Creates operations of tests on a project's database. */
export function databaseOf({ supabaseUrl, secretKey, postgresUrl, superuserUrl }: Project) {
  const superuser = postgres(superuserUrl, { max: 2, onnotice: () => undefined });
  return {
    store: supabaseProvisioning(asService({ url: supabaseUrl }, secretKey)),

    /** Creates a separate database for the engine, so that tests do not recover each other's work. */
    async newSystemDatabase(): Promise<string> {
      const name = `workflows_${crypto.randomUUID().slice(0, 8)}`;
      await superuser.unsafe(`create database ${name} owner postgres`);
      return postgresUrl.replace(/\/[^/]*$/, `/${name}`);
    },

    async newTenant(services: Record<string, boolean> = {}, called = "Ltda"): Promise<string> {
      const all = { crm: false, bot: false, erp: false, workflows: false, kpi: false, ...services };
      const unique = crypto.randomUUID().slice(0, 8);
      const [tenant] = await superuser<[{ id: string }]>`
        insert into public.tenants (rut, business_name, clerk_user_id, services_enabled)
        values (${randomRut()}, ${`Demo ${unique} ${called}`}, ${`user_${unique}`}, ${superuser.json(all)}) returning id`;
      return tenant.id;
    },

    switchService: (id: string, flag: string, on: boolean) => superuser`
      update public.tenants set services_enabled = services_enabled || ${superuser.json({ [flag]: on })}
      where id = ${id}`,

    eventsOf: (id: string) =>
      superuser`select type, processed_at, attempts, last_error from public.tenant_events where tenant_id = ${id} order by id`,

    /** Dates a worker's last heartbeat back by an hour. */
    silence: (workerId: string) =>
      superuser`update public.provision_workers set seen_at = now() - interval '1 hour' where id = ${workerId}`,

    superuser,
    end: () => superuser.end(),
  };
}
/** Reads the status of a run's workflow from the engine. A workflow ends after its run. */
export function engineOf(systemDatabaseUrl: string) {
  const sql = postgres(systemDatabaseUrl, { max: 1, onnotice: () => undefined });
  return {
    async statusOf(runId: string): Promise<string | undefined> {
      const [row] =
        await sql`select status from dbos.workflow_status where workflow_uuid = ${`run:${runId}`}`;
      return row?.status;
    },
    end: () => sql.end(),
  };
}
