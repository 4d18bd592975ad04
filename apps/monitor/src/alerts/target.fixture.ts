import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { inject, onTestFinished } from "vitest";

/** The embedded database as an administrator's console leaves it for the monitor, and what came of it. */
export function alertDatabase() {
  const sql = postgres(inject("embedded").superuserUrl, { max: 2 });
  const names: string[] = [];
  onTestFinished(async () => {
    await sql`delete from public.alert_rules where id = any (${names})`;
    await sql`delete from smarteros.alert_target_secrets s using public.alert_targets t
      where t.id = s.target_id and t.name = any (${names})`;
    await sql`update public.alert_targets set removed_at = now() where name = any (${names})`;
    await sql.end();
  });

  function admin<T>(work: (as: postgres.TransactionSql) => Promise<T>) {
    const claims = { sub: "user_alerts", role: "authenticated", metadata: { role: "admin" } };
    return sql.begin(async (as) => {
      await as`select set_config('role', 'authenticated', true),
        set_config('request.jwt.claims', ${JSON.stringify(claims)}, true)`;
      return work(as);
    });
  }

  return {
    sql,
    async addTarget(settings: { kind: string; [name: string]: string }) {
      const name = `target-${randomUUID()}`;
      names.push(name);
      const [added] = await admin(
        (as) => as<[{ id: string }]>`
          select id from public.add_alert_target(${name}, ${settings.kind}, 'somewhere', ${as.json(settings)})`,
      );
      return { id: added.id, name };
    },
    test: (id: string) => admin((as) => as`select from public.test_alert_target(${id})`),
    async saveRule(rule: { id: string; [name: string]: unknown }) {
      names.push(rule.id);
      await admin((as) => as`select from public.save_alert_rule(${as.json(rule as postgres.JSONValue)})`);
    },
    async probed(service: string, status: "ok" | "error") {
      const message = status === "error" ? "status 503" : null;
      await sql`insert into public.external_health (service, status, error_message)
        values (${service}, ${status}, ${message})`;
    },
    /** What goes to a target of one group; the alerts of other tests go to it as well. */
    deliveries: (id: string, group = "test") => sql<
      {
        kind: string;
        state: string;
        attempts: number;
        last_status: number | null;
        last_error: string | null;
        waits: boolean;
      }[]
    >`
      select kind, state, attempts, last_status, last_error, next_attempt_at > now() as waits
      from public.alert_deliveries where target_id = ${id} and payload ->> 'group' = ${group} order by created_at`,
    /** Makes the next attempt due. */
    hurry: (id: string) => sql`
      update public.alert_deliveries set next_attempt_at = now() where target_id = ${id} and state = 'pending'`,
  };
}
