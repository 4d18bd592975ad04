-- Counts an hour: everybody's calls by tool, users' and tenants' for all tools together. By user and tool an hour would have
-- about as many rows as it had calls.
create or replace function smarteros.count_hour(p_hour timestamptz) returns void
language sql volatile set search_path = ''
as $$
  select smarteros.store_rollups('hour', p_hour, smarteros.calls_by(p_hour, p_hour + interval '1 hour', 'true',
    $lines$
      (case when c.is_self then 'self' else 'all' end, '', c.tool),
      (case when c.is_self then 'self' else 'all' end, '', ''),
      (case when c.is_self then 'self' else 'user' end, c.user_id, ''),
      (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, '')
    $lines$))
$$;

revoke all on function smarteros.count_hour(timestamptz) from public, anon, authenticated, service_role, smarteros_fn;
