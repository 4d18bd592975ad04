alter table smarteros.maintenance_windows enable row level security;
alter table smarteros.maintenance_windows force row level security;

create policy maintenance_windows_create on smarteros.maintenance_windows for insert to smarteros_fn
with check ((select smarteros.can('admin')) and created_by = (select smarteros.subject()));

create policy maintenance_windows_end on smarteros.maintenance_windows for update to smarteros_fn
using ((select smarteros.can('admin')));

create policy maintenance_windows_read on smarteros.maintenance_windows for select to smarteros_fn
using ((select smarteros.can('read')));

revoke all on smarteros.maintenance_windows from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert on smarteros.maintenance_windows to smarteros_fn;
grant update (ends_at, ended_by) on smarteros.maintenance_windows to smarteros_fn;
