alter table public.mcp_invocations enable row level security;
alter table public.mcp_invocations force row level security;

create policy mcp_invocations_find_own on public.mcp_invocations for select to smarteros_fn
using (user_id = (select smarteros.subject()));

create policy mcp_invocations_read_own_or_audit on public.mcp_invocations for select to authenticated
using (
  (select smarteros.can('read'))
  and (user_id = (select smarteros.subject()) or (select smarteros.can('audit')))
);

-- Rows of hand_over_tenants: what the database did itself is the service's word.
create policy mcp_invocations_record_hand_over on public.mcp_invocations for insert to smarteros_fn
with check (
  (select smarteros.can('admin')) and user_id = (select smarteros.subject()) and tool = 'tenants.handOver'
  and recorded_by = 'service'
);

create policy mcp_invocations_record_own on public.mcp_invocations for insert to smarteros_fn
with check (
  (select smarteros.can('read')) and user_id = (select smarteros.subject()) and recorded_by = 'self'
);

revoke all on public.mcp_invocations from public, anon, authenticated, service_role, smarteros_fn;
grant insert on public.mcp_invocations to smarteros_fn;
grant select on public.mcp_invocations to authenticated, service_role;
grant select (id, user_id, created_at) on public.mcp_invocations to smarteros_fn;
grant insert (id, user_id, tool, args, result, duration_ms, success, created_at, transport, tenant_id, code,
  request_id, trace_id, redacted, calls) on public.mcp_invocations to service_role;
