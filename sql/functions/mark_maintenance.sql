-- Days that have begun are counted anew when what is maintenance changes.
create or replace function smarteros.mark_maintenance() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into smarteros.health_uncounted as u (service, ts)
  select d.service, d.ts from smarteros.health_days d
  where (new.service is null or d.service = new.service)
    and d.ts >= date_trunc('day', new.starts_at, 'UTC')
    and d.ts < case when tg_op = 'UPDATE' then greatest(old.ends_at, new.ends_at) else new.ends_at end
  order by 1, 2
  on conflict (service, ts) do update set marked_at = excluded.marked_at;
  return null;
end
$$;

revoke all on function smarteros.mark_maintenance() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger maintenance_windows_mark after insert or update on smarteros.maintenance_windows
  for each row execute function smarteros.mark_maintenance();
