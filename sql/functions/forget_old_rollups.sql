-- Deletes counts of calls that are gone by policy and that no time up to now reaches, nor the time before it; at most
-- 20 000 rows.
create or replace function smarteros.forget_old_rollups() returns void
language sql volatile set search_path = ''
as $$
  delete from public.call_rollups r
  where r.ctid = any (array(
    select old.ctid from public.call_rollups old
    where old.ts < now() - interval '801 days' and old.ts < (select k.kept_from from smarteros.retention k)
    limit 20000
  ))
$$;

revoke all on function smarteros.forget_old_rollups() from public, anon, authenticated, service_role, smarteros_fn;
