import { asService } from "@smarteros/supabase";
import { randomRut } from "@smarteros/tools-tenants/testing";
import postgres from "postgres";
import { inject } from "vitest";
import { supabaseProvisioning } from "./supabase.ts";

const { supabaseUrl, secretKey, postgresUrl, superuserUrl } = inject("embedded");

const superuser = postgres(superuserUrl, { max: 2, onnotice: () => undefined });
const client = asService({ url: supabaseUrl }, secretKey);

export const store = supabaseProvisioning(client);
export const project = { supabaseUrl, secretKey };

/** A database of its own for the engine, so that test files do not recover each other's work. */
export async function newSystemDatabase(): Promise<string> {
  const name = `workflows_${crypto.randomUUID().slice(0, 8)}`;
  await superuser.unsafe(`create database ${name} owner postgres`);
  return postgresUrl.replace(/\/[^/]*$/, `/${name}`);
}

export async function newTenant(services: Record<string, boolean> = {}): Promise<string> {
  const all = { crm: false, bot: false, erp: false, workflows: false, kpi: false, ...services };
  const [tenant] = await superuser<[{ id: string }]>`
    insert into public.tenants (rut, business_name, clerk_user_id, services_enabled)
    values (${randomRut()}, 'Demo Ltda', ${`user_${crypto.randomUUID()}`}, ${superuser.json(all)}) returning id`;
  return tenant.id;
}

export async function switchService(id: string, flag: string, on: boolean) {
  await superuser`update public.tenants set services_enabled = services_enabled || ${superuser.json({ [flag]: on })}
    where id = ${id}`;
}

export const eventsOf = (id: string) =>
  superuser`select type, processed_at, attempts, last_error from public.events where tenant_id = ${id} order by id`;
