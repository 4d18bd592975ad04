import { SmarterosError } from "@smarteros/core";
import { type DatabaseResponse, rowsOf, type SupabaseClient } from "@smarteros/supabase";
import { run, type Snapshot, service, step } from "./rows.ts";
import type { Subject } from "./subject-address.ts";

/** Runs that a tenant's page shows. */
const newest = 5;
const { provision_steps: _steps, tenants: _tenants, ...runShape } = run.shape;
/** The columns of a run. The tenant is joined by the name of its key, because steps refer to it as well. */
export const runColumns = `${Object.keys(runShape).join(",")},provision_steps(${Object.keys(step.shape).join(",")}),tenants!provision_runs_tenant_id_fkey(business_name,rut,active)`;
const serviceColumns = Object.keys(service.shape).join(",");

/**
 * Reads the current state of a tenant's services or of a run, as the user of the client. Rejects with the same
 * `not_found` for what does not exist and for what row level security hides.
 */
export async function readSnapshot(
  client: SupabaseClient,
  subject: Subject,
  signal: AbortSignal,
): Promise<Snapshot> {
  const runs = client
    .from("provision_runs")
    .select(runColumns as "*")
    .abortSignal(signal);
  if (subject.kind === "run") {
    const found = runsOf(await runs.eq("id", subject.id));
    if (found.length === 0) throw missing("run");
    return { services: [], runs: found };
  }
  const [services, latest] = await Promise.all([
    client
      .from("tenant_services")
      .select(serviceColumns as "*")
      .eq("tenant_id", subject.id)
      .abortSignal(signal),
    runs
      .eq("tenant_id", subject.id)
      .order("created_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(newest),
  ]);
  const found = rowsOf(services);
  if (found.length === 0) throw missing("tenant");
  return { services: service.array().parse(found), runs: runsOf(latest) };
}

const runsOf = (response: DatabaseResponse<unknown[] | null>) => run.array().parse(rowsOf(response));

function missing(what: string) {
  return new SmarterosError("not_found", `There is no such ${what} among those that you may see.`);
}
