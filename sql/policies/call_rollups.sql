alter table public.call_rollups enable row level security;
alter table public.call_rollups force row level security;

create policy call_rollups_read_own_or_audit on public.call_rollups for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (scope in ('user', 'self') and scope_key = (select smarteros.subject()))
    or (select smarteros.can('audit'))
  )
);

revoke all on public.call_rollups from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.call_rollups to authenticated, service_role;
