-- An update, so that a counting under way is waited for: its mark goes, and ours comes after.
create or replace function smarteros.mark_health() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into smarteros.health_uncounted as u (service, ts)
  select distinct w.service, date_trunc('day', w.created_at, 'UTC') from written w order by 1, 2
  on conflict (service, ts) do update set marked_at = excluded.marked_at;
  return null;
end
$$;

revoke all on function smarteros.mark_health() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger external_health_mark after insert on public.external_health
  referencing new table as written for each statement execute function smarteros.mark_health();
