alter table smarteros.known_tools enable row level security;
alter table smarteros.known_tools force row level security;

create policy known_tools_read on smarteros.known_tools for select to smarteros_fn
using (true);

revoke all on smarteros.known_tools from public, anon, authenticated, service_role, smarteros_fn;
grant select on smarteros.known_tools to smarteros_fn;
