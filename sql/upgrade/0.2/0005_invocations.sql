-- Attaches the audit log of 0.2 as one partition of ours, without copying a row. Where there is none, nothing is done.

do $$
declare
  extra record;
  seen record;
  dependent record;
  day_from timestamptz;
  day_to timestamptz;
begin
  if to_regclass('smarteros_0_2.mcp_invocations') is null then
    return;
  end if;
  set local timezone = 'UTC';
  perform smarteros_0_2.add_columns('smarteros_0_2.mcp_invocations', 'public.mcp_invocations');

  create table smarteros_0_2.calls_in_review (row jsonb, reasons text[]);
  with gone as (
    delete from smarteros_0_2.mcp_invocations i
    where smarteros_0_2.call_reasons(i.user_id, i.tool, i.args, i.result, i.duration_ms, i.created_at) <> '{}'
    returning i.*
  )
  insert into smarteros_0_2.calls_in_review
  select to_jsonb(g), smarteros_0_2.call_reasons(g.user_id, g.tool, g.args, g.result, g.duration_ms, g.created_at) from gone g;
  update smarteros_0_2.mcp_invocations i set success = true where i.success is null;

  -- As if each had arrived when it was made: by that they are counted and sealed.
  perform smarteros_0_2.add_rules('smarteros_0_2.mcp_invocations', 'public.mcp_invocations',
    'alter column recorded_at type timestamptz using created_at');

  -- Columns that only 0.2 has.
  for extra in
    select o.attname as name, format_type(o.atttypid, o.atttypmod) as type, ' default ' || pg_get_expr(d.adbin, d.adrelid) as default
    from pg_attribute o left join pg_attrdef d on d.adrelid = o.attrelid and d.adnum = o.attnum
    where o.attrelid = 'smarteros_0_2.mcp_invocations'::regclass and o.attnum > 0 and not o.attisdropped
      and not exists (
        select from pg_attribute n where n.attrelid = 'public.mcp_invocations'::regclass and n.attname = o.attname
      )
  loop
    execute format('alter table public.mcp_invocations add column %I %s%s', extra.name, extra.type, extra.default);
  end loop;

  select date_trunc('day', min(created_at)) as first, date_trunc('day', max(created_at)) as last into seen
  from smarteros_0_2.mcp_invocations;
  day_from := coalesce(seen.first, date_trunc('day', now()));
  day_to := greatest(seen.last, date_trunc('day', now())) + interval '1 day';
  alter table smarteros_0_2.mcp_invocations rename to mcp_invocations_adopted;
  alter table smarteros_0_2.mcp_invocations_adopted set schema smarteros;
  alter table smarteros.mcp_invocations_adopted enable row level security, force row level security;
  revoke all on smarteros.mcp_invocations_adopted from public, anon, authenticated, service_role;
  execute format('alter table public.mcp_invocations attach partition smarteros.mcp_invocations_adopted for values from (%L) to (%L)',
    day_from, day_to);

  -- Views of the earlier app go on to show all calls, and not the adopted ones alone.
  for dependent in
    select distinct v.oid::regclass::text as name, pg_get_viewdef(v.oid) as definition
    from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
    where d.classid = 'pg_rewrite'::regclass and d.refobjid = 'smarteros.mcp_invocations_adopted'::regclass and v.relkind = 'v'
  loop
    execute format('create or replace view %s as %s', dependent.name,
      replace(dependent.definition, 'smarteros.mcp_invocations_adopted', 'public.mcp_invocations'));
  end loop;
end
$$;
