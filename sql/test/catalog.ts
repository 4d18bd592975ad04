import type postgres from "postgres";

/**
 * Reads the catalog of our schemas as sorted lines: columns by name, types and defaults, constraints, indexes,
 * triggers, policies, row level security, privileges, owners, views and functions with their bodies. Leaves out daily
 * partitions, which depend on the date.
 */
export async function catalogOf(sql: postgres.Sql): Promise<string[]> {
  const found = await sql<{ line: string }[]>`
    with relation as (
      select c.*, format('%I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'smarteros') and c.relname !~ '_[0-9]{8}'
    ), routine as (
      select p.*, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as name
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'smarteros')
    )
    select concat_ws(' ', 'relation', name, relkind, relrowsecurity, relforcerowsecurity, relispartition, relowner::regrole) as line
    from relation
    union all
    select concat_ws(' ', 'column', r.name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
      pg_get_expr(d.adbin, d.adrelid))
    from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    where r.relkind in ('r', 'p', 'v')
    union all
    select concat_ws(' ', 'constraint', r.name, c.conname, pg_get_constraintdef(c.oid), c.convalidated)
    from relation r join pg_constraint c on c.conrelid = r.oid where c.contype not in ('n', 't')
    union all
    select concat_ws(' ', 'index', r.name, pg_get_indexdef(r.oid)) from relation r where r.relkind in ('i', 'I')
    union all
    select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), t.tgenabled)
    from relation r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
    union all
    select concat_ws(' ', 'policy', schemaname, tablename, policyname, permissive, roles, cmd, qual, with_check) from pg_policies
    where schemaname in ('public', 'smarteros')
    union all
    select concat_ws(' ', 'privilege', r.name, x.grantee::regrole, x.privilege_type, x.is_grantable)
    from relation r, aclexplode(coalesce(r.relacl, acldefault('r', r.relowner))) x where r.relkind not in ('i', 'I')
    union all
    select concat_ws(' ', 'privilege', r.name, a.attname, x.grantee::regrole, x.privilege_type)
    from relation r join pg_attribute a on a.attrelid = r.oid and not a.attisdropped, aclexplode(a.attacl) x
    union all
    select concat_ws(' ', 'privilege', p.name, x.grantee::regrole, x.privilege_type)
    from routine p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
    union all
    select concat_ws(' ', 'function', name, proowner::regrole, prosecdef, proconfig, pg_get_functiondef(oid)) from routine
    union all
    select concat_ws(' ', 'view', name, reloptions, pg_get_viewdef(oid)) from relation where relkind = 'v'
    union all
    select concat_ws(' ', 'default privileges', defaclnamespace::regnamespace, defaclobjtype, defaclrole::regrole, x.grantee::regrole, x.privilege_type)
    from pg_default_acl, aclexplode(defaclacl) x
    union all
    select concat_ws(' ', 'schema', nspname, x.grantee::regrole, x.privilege_type)
    from pg_namespace, aclexplode(nspacl) x where nspname in ('public', 'smarteros')
    order by 1`;
  return found.map(({ line }) => line);
}
