alter table public.mcp_intents enable row level security;
alter table public.mcp_intents force row level security;

create policy mcp_intents_read_own_or_audit on public.mcp_intents for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

create policy mcp_intents_record_own on public.mcp_intents for insert to smarteros_fn
with check (
  (select smarteros.can('read')) and user_id = (select smarteros.subject()) and recorded_by = 'self'
);

revoke all on public.mcp_intents from public, anon, authenticated, service_role, smarteros_fn;
grant insert on public.mcp_intents to smarteros_fn;
grant select on public.mcp_intents to authenticated, service_role;
grant insert (id, user_id, tool, tenant_id, args, request_id, created_at) on public.mcp_intents to service_role;
