import { supabaseTasks } from "@smarteros/queue/supabase";
import { asService } from "@smarteros/supabase";
import { randomRut } from "@smarteros/tools-tenants/testing";
import postgres from "postgres";
import { supabaseProvisioning } from "./supabase.ts";

export type Project = { supabaseUrl: string; secretKey: string; postgresUrl: string; superuserUrl: string };

/** Creates operations of tests on a project's database. */
export function databaseOf({ supabaseUrl, secretKey, superuserUrl }: Project) {
  const superuser = postgres(superuserUrl, { max: 2, onnotice: () => undefined });
  const service = asService({ url: supabaseUrl }, secretKey);
  return {
    store: supabaseProvisioning(service),
    tasks: supabaseTasks(service),

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

    /** Ends the leases of a worker's tasks. */
    endLeases: (workerId: string) =>
      superuser`
        update public.tasks set lease_until = now() - interval '1 s' where claimed_by = ${workerId} and state = 'running'`,

    /** Reads the states of the tasks of a run. */
    tasksOf: (runId: string) =>
      superuser<{ state: string }[]>`
        select t.state from public.tasks t join public.provision_steps s on s.task_id = t.id where s.run_id = ${runId}`,

    superuser,
    end: () => superuser.end(),
  };
}
