-- Deletes tasks that ended before a time, 30 days ago by default, at most `p_limit` of them; returns how many. Repeat until it is less.
create or replace function public.prune_tasks(p_before timestamptz default now() - interval '30 days', p_limit integer default 1000) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  deleted integer;
begin
  delete from public.tasks t
  using (
    select o.id from public.tasks o where o.finished_at < p_before order by o.finished_at
    limit least(p_limit, 10000) for update skip locked
  ) old
  where t.id = old.id;
  get diagnostics deleted = row_count;
  return deleted;
end
$$;

revoke all on function public.prune_tasks(timestamptz, integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.prune_tasks(timestamptz, integer) to service_role;
