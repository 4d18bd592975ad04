-- Puts dead tasks in line again with all their attempts, the oldest first and at most 1000 of them; with `p_dry_run` only
-- counts them. One whose dedupe key is open again is left dead. Returns how many there were.
create or replace function public.redrive_tasks(
  p_queue text, p_kind text default null, p_since timestamptz default null, p_dry_run boolean default false
) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  ids uuid[];
begin
  ids := array(
    select dead.id
    from (
      select t.id, t.finished_at,
        row_number() over (partition by coalesce(t.dedupe_key, t.id::text) order by t.finished_at desc) as nth
      from public.tasks t
      where t.queue = p_queue and t.state = 'dead' and t.kind = coalesce(p_kind, t.kind)
        and t.finished_at >= coalesce(p_since, '-infinity')
        and not exists (
          select from public.tasks o
          where o.queue = p_queue and o.dedupe_key = t.dedupe_key and o.state in ('scheduled', 'queued', 'running')
        )
    ) dead
    where dead.nth = 1
    order by dead.finished_at
    limit 1000
  );
  if not p_dry_run and ids <> '{}' then
    update public.tasks t
    set state = 'scheduled', attempts = 0, run_at = clock_timestamp(), finished_at = null, claim = null
    where t.id = any (ids);
    perform smarteros.line_up(ids);
    perform smarteros.wake_workers(array[p_queue]);
  end if;
  return cardinality(ids);
end
$$;

revoke all on function public.redrive_tasks(text, text, timestamptz, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.redrive_tasks(text, text, timestamptz, boolean) to service_role;
