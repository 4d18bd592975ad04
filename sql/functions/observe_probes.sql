-- The newest probe of each service that was probed within a day.
create or replace function smarteros.observe_probes() returns jsonb
language sql stable set search_path = ''
as $$
  with recursive service as (
    (select h.service from public.external_health h order by h.service limit 1)
    union all
    select (select h.service from public.external_health h where h.service > s.service order by h.service limit 1)
    from service s where s.service is not null
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('service', s.service, 'status', h.status, 'error', h.error_message, 'at', h.created_at)
    ),
    '[]'
  )
  from service s
  cross join lateral (
    select h.status, h.error_message, h.created_at from public.external_health h
    where h.service = s.service order by h.created_at desc limit 1
  ) h
  where h.created_at > now() - interval '1 day'
$$;

revoke all on function smarteros.observe_probes() from public, anon, authenticated, service_role, smarteros_fn;
