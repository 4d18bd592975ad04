-- A time in which a service, or null for all, may fail without its being counted. Needs `admin`. It may have begun up to a
-- week ago, for what someone forgot to announce.
create or replace function public.create_maintenance_window(
  p_starts_at timestamptz,
  p_ends_at timestamptz,
  p_reason text,
  p_service text default null
) returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  made uuid;
begin
  perform smarteros.require('admin');
  if p_starts_at is null or p_ends_at is null or p_starts_at >= p_ends_at then
    raise exception 'p_ends_at must be after p_starts_at'
      using errcode = '23514', constraint = 'maintenance_windows_ends_after_start';
  end if;
  if p_starts_at < now() - interval '7 days' then
    raise exception 'p_starts_at must be a week ago or later'
      using errcode = '23514', constraint = 'maintenance_windows_start_recent';
  end if;
  if p_service is not null and not exists (select from smarteros.health_states s where s.service = p_service) then
    raise exception 'p_service must be a service that was looked at'
      using errcode = '23514', constraint = 'maintenance_windows_service_known';
  end if;
  insert into smarteros.maintenance_windows (service, starts_at, ends_at, reason, created_by)
  values (p_service, p_starts_at, p_ends_at, btrim(p_reason), smarteros.subject())
  returning id into made;
  return made;
end
$$;

revoke all on function public.create_maintenance_window(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.create_maintenance_window(timestamptz, timestamptz, text, text) to authenticated;
alter function public.create_maintenance_window(timestamptz, timestamptz, text, text) owner to smarteros_fn;
