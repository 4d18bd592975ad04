-- What taking over the tables of 0.2 would find. Reads them alone.

-- Returns columns of a table as arguments of a given type, and null for those that it lacks.
create function smarteros_0_2.arguments(p_table regclass, p_columns jsonb) returns text
language sql stable
as $$
  select string_agg(case when a.attname is null then 'null' else format('c.%I', a.attname) end || '::' || (given.value ->> 1), ', '
    order by given.ordinality)
  from jsonb_array_elements(p_columns) with ordinality given
  left join pg_attribute a on a.attrelid = p_table and a.attname = given.value ->> 0 and not a.attisdropped
$$;

create function smarteros_0_2.findings() returns jsonb
language plpgsql stable
as $$
declare
  report jsonb := '{"tenants": {"rows": 0, "fit": 0, "changed": 0}, "brokenRules": [], "obstacles": [], "owners": []}';
  part jsonb;
  reference record;
  referred bigint;
  bad constant text := $judged$
    select j.id, j.reasons, j.row, j.rut, j.business_name, j.services_enabled, j.clerk_user_id
    from (
      select t.id, to_jsonb(t) as row, m.rut, m.business_name, m.services_enabled, m.clerk_user_id,
        case when m.reasons = '{}' and m.active and row_number() over (
            partition by m.clerk_user_id, m.rut, m.active, m.reasons = '{}' order by m.created_at, t.id) > 1
          then '{tenants_owner_rut_active_key}' else m.reasons end as reasons
      from public.tenants t, lateral smarteros_0_2.tenant_of(to_jsonb(t)) m
    ) j
  $judged$;
begin
  if to_regclass('public.tenants') is not null then
    execute format($q$
      select jsonb_build_object('rows', count(*), 'fit', count(*) filter (where reasons = '{}'),
        'changed', count(*) filter (where reasons = '{}' and (row ->> 'rut', row ->> 'business_name', row -> 'services_enabled')
          is distinct from (rut, business_name, services_enabled)))
      from (%s) j $q$, bad) into part;
    report := report || jsonb_build_object('tenants', part);
    execute format($q$
      select coalesce(jsonb_agg(jsonb_build_object('table', 'tenants', 'rule', r.rule, 'rows', r.rows, 'ids', r.ids) order by r.rule), '[]')
      from (select rule, count(*) as rows, to_jsonb((array_agg(j.id order by j.id))[:20]) as ids
        from (%s) j, unnest(j.reasons) rule group by rule) r $q$, bad) into part;
    report := jsonb_set(report, '{brokenRules}', report -> 'brokenRules' || part);
    execute format('select coalesce(jsonb_agg(distinct clerk_user_id), ''[]'') from (%s) j where clerk_user_id <> ''''', bad) into part;
    report := report || jsonb_build_object('owners', part);
    for reference in
      select c.conrelid::regclass::text as table, a.attname as column
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid = 'public.tenants'::regclass
    loop
      execute format('select count(*), to_jsonb((array_agg(distinct j.id))[:20]) from %s r join (%s) j on j.id::text = r.%I::text where j.reasons <> ''{}''',
        reference.table, bad, reference.column) into referred, part;
      if referred > 0 then
        report := jsonb_set(report, '{obstacles}', report -> 'obstacles' || to_jsonb(format(
          '%s rows of %s refer by %s to tenants that break a rule: correct these tenants first: %s',
          referred, reference.table, reference.column, part)));
      end if;
    end loop;
  end if;
  for reference in
    select * from (values
      ('mcp_invocations', 'call_reasons', '[["user_id", "text"], ["tool", "text"], ["args", "text"], ["result", "text"], ["duration_ms", "integer"], ["created_at", "timestamptz"]]'::jsonb),
      ('external_health', 'probe_reasons', '[["service", "text"], ["status", "text"], ["latency_ms", "integer"], ["error_message", "text"], ["metadata", "jsonb"], ["created_at", "timestamptz"]]'::jsonb)
    ) t (name, rules, columns)
    where to_regclass('public.' || name) is not null
  loop
    execute format($q$
      select coalesce(jsonb_agg(jsonb_build_object('table', %1$L, 'rule', r.rule, 'rows', r.rows, 'ids', r.ids) order by r.rule), '[]')
      from (
        select rule, count(*) as rows, to_jsonb((array_agg(broken.id))[:20]) as ids
        from (select c.id, smarteros_0_2.%2$I(%3$s) as reasons from public.%1$I c) broken, unnest(broken.reasons) rule
        where broken.reasons <> '{}' group by rule
      ) r $q$, reference.name, reference.rules, smarteros_0_2.arguments(('public.' || reference.name)::regclass, reference.columns)) into part;
    report := jsonb_set(report, '{brokenRules}', report -> 'brokenRules' || part);
  end loop;

  return report || jsonb_build_object(
    'lostWrites', (
      select coalesce(jsonb_agg(jsonb_build_object('role', p.role, 'table', p.name, 'privilege', p.privilege, 'columns', p.columns)
        order by p.role, p.name, p.privilege), '[]')
      from (
        select c.relname as name, x.grantee::regrole::text as role, lower(x.privilege_type) as privilege, '[]'::jsonb as columns
        from pg_class c, aclexplode(c.relacl) x
        where c.relnamespace = 'public'::regnamespace and c.relname in ('tenants', 'mcp_invocations', 'external_health')
          and x.privilege_type in ('INSERT', 'UPDATE', 'DELETE') and x.grantee <> c.relowner
          and x.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
          -- What the service role goes on to do.
          and not (x.grantee::regrole::text = 'service_role' and c.relname <> 'tenants' and x.privilege_type = 'INSERT')
        union all
        select c.relname, x.grantee::regrole::text, lower(x.privilege_type), jsonb_agg(a.attname order by a.attnum)
        from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) x
        where c.relnamespace = 'public'::regnamespace and c.relname in ('tenants', 'mcp_invocations', 'external_health')
          and x.privilege_type in ('INSERT', 'UPDATE') and x.grantee::regrole::text in ('anon', 'authenticated', 'service_role')
        group by 1, 2, 3
      ) p
    ),
    'lostForAnon', (
      select coalesce(jsonb_agg(format('%s on %s%s', l.privileges, l.name, case when l.closed
        then ', by the policies ' || coalesce(l.policies, 'of which there are none: it sees nothing') else '' end) order by l.name), '[]')
      from (
        select c.relname as name, string_agg(lower(x.privilege_type), ', ' order by x.privilege_type) as privileges, c.relrowsecurity as closed,
          (select string_agg(p.policyname, ', ') from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
            and p.roles && '{anon,public}'::name[]) as policies
        from pg_class c, aclexplode(c.relacl) x
        where c.relnamespace = 'public'::regnamespace and c.relname in ('tenants', 'mcp_invocations', 'external_health')
          and x.grantee = 'anon'::regrole and x.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        group by c.oid, c.relname, c.relrowsecurity
      ) l
    ),
    'lostPolicies', (
      select coalesce(jsonb_agg(format('%s on %s', p.policyname, p.tablename) order by p.tablename, p.policyname), '[]')
      from pg_policies p
      where p.schemaname = 'public' and p.tablename in ('tenants', 'mcp_invocations', 'external_health')
    ),
    'stays', (
      select coalesce(jsonb_agg(s.line order by s.line), '[]') from (
        select format('trigger %s on %s%s', t.tgname, c.relname, case when not p.prosecdef
          then ', which will run as smarteros_fn: make its function security definer, or a write by our tools may fail' else '' end) as line
        from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
        where c.relnamespace = 'public'::regnamespace and c.relname in ('tenants', 'mcp_invocations', 'external_health') and not t.tgisinternal
        union all
        select format('constraint %s on %s: %s', k.conname, c.relname, pg_get_constraintdef(k.oid))
        from pg_constraint k join pg_class c on c.oid = k.conrelid
        where c.relnamespace = 'public'::regnamespace and c.relname in ('tenants', 'mcp_invocations', 'external_health') and k.contype in ('c', 'u', 'f', 'x')
        union all
        select format('column %s of %s%s', a.attname, c.relname, case when a.attnotnull and not a.atthasdef then ', which may be null from then on' else '' end)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
          and a.attname <> all (case c.relname
            when 'tenants' then '{id,rut,business_name,clerk_user_id,services_enabled,chatwoot_inbox_id,botpress_workspace_id,odoo_company_id,n8n_project_id,metabase_dashboard_id,active,created_at,updated_at,deleted_at}'
            when 'mcp_invocations' then '{id,user_id,tool,args,result,duration_ms,success,created_at}'
            else '{id,service,status,latency_ms,error_message,metadata,created_at}' end::text[])
          and c.relname in ('tenants', 'mcp_invocations', 'external_health')
        union all
        select format('view %s reads %s', v.oid::regclass, d.refobjid::regclass)
        from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
        where d.classid = 'pg_rewrite'::regclass and v.relkind in ('v', 'm')
          and d.refobjid in (to_regclass('public.tenants'), to_regclass('public.mcp_invocations'), to_regclass('public.external_health'))
        group by 1
      ) s
    )
  );
end
$$;
