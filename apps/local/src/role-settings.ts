import { type Kysely, sql } from "kysely";

/** The settings (`alter role … set …`) of each role that the session may assume: name and value, by role. */
export type RoleSettings = Map<string, [name: string, value: string][]>;

/**
 * Reads the settings that PostgREST applies in each transaction: those of the roles that its login role is a direct
 * member of, if a session may change them. Postgres itself applies only the login role's settings.
 */
export async function readRoleSettings(database: Kysely<unknown>): Promise<RoleSettings> {
  const { rows } = await sql<{ role: string; settings: Record<string, string> }>`
    select granted.rolname as role, jsonb_object_agg(setting.name, setting.value) as settings
    from pg_catalog.pg_auth_members membership
    join pg_catalog.pg_roles granted on granted.oid = membership.roleid
    cross join lateral (
      select split_part(text, '=', 1) as name, substr(text, strpos(text, '=') + 1) as value
      from unnest(granted.rolconfig) as text
    ) setting
    join pg_catalog.pg_settings known on known.name = setting.name
    where membership.member = (select oid from pg_catalog.pg_roles where rolname = session_user)
      and (known.context = 'user' or has_parameter_privilege(session_user, known.name, 'set'))
    group by granted.rolname`.execute(database);
  return new Map(rows.map(({ role, settings }) => [role, Object.entries(settings)]));
}
