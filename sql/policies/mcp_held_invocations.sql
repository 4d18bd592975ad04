alter table public.mcp_held_invocations enable row level security;
alter table public.mcp_held_invocations force row level security;

create policy mcp_held_invocations_read_own_or_audit on public.mcp_held_invocations for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

revoke all on public.mcp_held_invocations from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.mcp_held_invocations to authenticated, service_role;
