alter table public.mcp_open_intents enable row level security;
alter table public.mcp_open_intents force row level security;

create policy mcp_open_intents_read_own_or_audit on public.mcp_open_intents for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

revoke all on public.mcp_open_intents from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.mcp_open_intents to authenticated, service_role;
