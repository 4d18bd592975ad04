-- What the 21 migrations of earlier releases named otherwise. Views, functions and policies follow from their files.

-- The first of them took these away from the whole project, not only from our own objects.
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;

alter table public.events rename to tenant_events;
alter sequence public.events_id_seq rename to tenant_events_id_seq;
alter table public.workers rename to provision_workers;
alter table public.mcp_invocations rename column door to transport;
alter table public.mcp_held_invocations rename column door to transport;

do $$
declare
  renamed record;
begin
  for renamed in
    select c.conrelid::regclass::text as table, c.conname as before,
      case when c.conname like '%\_door\_%' then replace(c.conname, '_door_', '_transport_')
        else regexp_replace(regexp_replace(c.conname, '^events_', 'tenant_events_'), '^workers_', 'provision_workers_')
      end as after
    from pg_catalog.pg_constraint c
    where c.conrelid in ('public.tenant_events'::regclass, 'public.provision_workers'::regclass,
        'public.mcp_invocations'::regclass, 'public.mcp_held_invocations'::regclass)
      and c.conname ~ '^events_|^workers_|_door_'
  loop
    execute format('alter table %s rename constraint %I to %I', renamed.table, renamed.before, renamed.after);
  end loop;
  for renamed in
    select i.indexrelid::regclass::text as before, regexp_replace(c.relname, '^events_', 'tenant_events_') as after
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where i.indrelid = 'public.tenant_events'::regclass and c.relname like 'events\_%'
  loop
    execute format('alter index %s rename to %I', renamed.before, renamed.after);
  end loop;
  -- A copy of rows under way.
  if to_regclass('smarteros.moving_calls') is not null then
    alter table smarteros.moving_calls rename column door to transport;
    alter table smarteros.moving_calls rename constraint mcp_invocations_door_shape to mcp_invocations_transport_shape;
  end if;
end
$$;

-- Its rows have another column name, which `create or replace` refuses.
drop function public.search_invocations(uuid, text, text, uuid, text, text, timestamptz, timestamptz, timestamptz, uuid,
  integer, boolean);
