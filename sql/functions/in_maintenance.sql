create or replace function smarteros.in_maintenance(p_service text, p_at timestamptz) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from smarteros.maintenance_windows w
    where (w.service is null or w.service = p_service) and p_at >= w.starts_at and p_at < w.ends_at
  )
$$;

revoke all on function smarteros.in_maintenance(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.in_maintenance(text, timestamptz) to smarteros_fn;
