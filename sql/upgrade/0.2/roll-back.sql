-- Gives the tables of 0.2 back as they were, with the rows written since; everything else of ours goes. The statements of
-- smarteros.adoption do the part that depends on what the tables had.

do $$
declare
  saved smarteros.adoption;
  statement text;
  its record;
  names text;
begin
  select a.* into saved from smarteros.adoption a;
  if not found then
    raise exception 'nothing of 0.2 was taken over here';
  end if;

  -- Triggers and policies of ours. Those of the earlier app come back below.
  for its in
    select t.tgname, t.tgrelid::regclass as relation
    from pg_trigger t join pg_proc p on p.oid = t.tgfoid
    where not t.tgisinternal and t.tgparentid = 0 and p.pronamespace = 'smarteros'::regnamespace
      and t.tgrelid in (to_regclass('public.tenants'), to_regclass('public.mcp_invocations'), to_regclass('public.external_health'))
  loop
    execute format('drop trigger %I on %s', its.tgname, its.relation);
  end loop;
  for its in
    select policyname, schemaname, tablename from pg_policies
    where schemaname in ('public', 'smarteros') and tablename in ('tenants', 'mcp_invocations', 'external_health')
  loop
    execute format('drop policy %I on %I.%I', its.policyname, its.schemaname, its.tablename);
  end loop;

  if to_regclass('smarteros.mcp_invocations_adopted') is not null then
    -- Rows written since come back into the one table.
    alter table public.mcp_invocations detach partition smarteros.mcp_invocations_adopted;
    select string_agg(format('%I', attname), ', ') into names
    from pg_attribute where attrelid = 'public.mcp_invocations'::regclass and attnum > 0 and not attisdropped;
    execute format('insert into smarteros.mcp_invocations_adopted (%1$s) select %1$s from public.mcp_invocations', names);
    alter table public.mcp_invocations rename to mcp_invocations_ours;
    alter index public.mcp_invocations_pkey rename to mcp_invocations_ours_pkey;
    alter table smarteros.mcp_invocations_adopted rename to mcp_invocations;
    alter table smarteros.mcp_invocations set schema public;
    for its in
      select distinct v.oid::regclass::text as name, pg_get_viewdef(v.oid) as definition
      from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
      where d.classid = 'pg_rewrite'::regclass and d.refobjid = 'public.mcp_invocations_ours'::regclass and v.relkind = 'v'
    loop
      execute format('create or replace view %s as %s', its.name,
        replace(its.definition, 'mcp_invocations_ours', 'mcp_invocations'));
    end loop;
    drop table public.mcp_invocations_ours;
  else
    drop table public.mcp_invocations;
  end if;

  -- What refers to tenants, and reads them.
  drop view public.tenant_services;
  -- Each table of ours has a file of policies; those of 0.2 stay, and the rows in review go back into them below.
  select string_agg(format('public.%I', subject), ', ') into names
  from smarteros.definitions d, split_part(d.name, '/', 2) subject
  where d.name like 'policies/%' and to_regclass(format('public.%I', subject)) is not null
    and subject not in ('tenants', 'mcp_invocations', 'external_health', 'tenants_in_review');
  for its in
    select p.oid::regprocedure as signature from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname in (
      select split_part(d.name, '/', 2) from smarteros.definitions d where d.name like 'functions/%')
  loop
    execute format('drop function %s', its.signature);
  end loop;
  execute 'drop table smarteros.alert_target_secrets, ' || names;

  for statement in select * from jsonb_array_elements_text(saved.undo -> 'open') loop
    execute statement;
  end loop;

  -- Rows in their old spelling where no one changed them since, and ids without the kind that we put before them.
  update public.tenants t
  set rut = was.rut, business_name = was.business_name, services_enabled = was.services_enabled
  from smarteros.adopted_rows a, lateral jsonb_populate_record(null::public.tenants, a.row) was
  where a.id = t.id and t.updated_at < saved.adopted_at;
  update public.tenants t
  set botpress_workspace_id = regexp_replace(t.botpress_workspace_id, '^(bot|workspace):', ''),
    n8n_project_id = regexp_replace(t.n8n_project_id, '^(tag|project):', '')
  where t.botpress_workspace_id is not null or t.n8n_project_id is not null;
  insert into public.tenants
  select was.* from public.tenants_in_review r, lateral jsonb_populate_record(null::public.tenants, r.row) was;
  insert into public.mcp_invocations
  select was.* from smarteros.rows_in_review r, lateral jsonb_populate_record(null::public.mcp_invocations, r.row) was
  where r.source = 'mcp_invocations';
  insert into public.external_health
  select was.* from smarteros.rows_in_review r, lateral jsonb_populate_record(null::public.external_health, r.row) was
  where r.source = 'external_health';
  drop table public.tenants_in_review;

  foreach names in array '{tenants,mcp_invocations,external_health}'::text[] loop
    execute format('revoke all on public.%I from public, anon, authenticated, service_role, smarteros_fn', names);
  end loop;
  revoke all on schema public from smarteros_fn;
  drop schema smarteros cascade;
  for statement in select * from jsonb_array_elements_text(saved.undo -> 'close') loop
    execute statement;
  end loop;
end
$$;

notify pgrst, 'reload schema';
