-- Drops partitions whose days (UTC) are all more than p_days ago, seven at most, with what fell into the default partition
-- and the intents of those days, 20 000 of each at most; `more` tells to call again. A day that is still to be counted is
-- not dropped, nor with p_sealed one with calls that are not sealed. Rows under a hold are copied aside first, and leave
-- when the hold is released. May be called at any time and side by side. Raises 23514 for fewer than eight days: for a week
-- late rows are counted again.
create or replace function public.drop_expired(p_days integer, p_sealed boolean default false)
returns table (partitions integer, held integer, intents integer, more boolean)
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC' set lock_timeout = '5s'
as $$
declare
  at_most constant integer := 20000;
  kept_from date;
  expired text[];
  partition text;
  changed integer;
begin
  if p_days is null or p_days not between 8 and 36500 then
    raise exception 'p_days must be 8 to 36500' using errcode = '23514', constraint = 'p_days_range';
  end if;
  partitions := 0;
  held := 0;
  perform pg_advisory_xact_lock(hashtextextended('smarteros.ensure_partitions', 0));
  kept_from := least(current_date - p_days, smarteros.needed_from(p_sealed)::date);
  expired := array(
    select p.name from smarteros.call_partitions() p where p.to_at <= kept_from order by p.from_at limit 7);
  more := cardinality(expired) = 7;
  -- What takes long comes before the lock that everybody waits for; after it, what has come since. A vacuum gives way
  -- after a second, and keeps off from then on; no one else waits for this lock.
  foreach partition in array expired loop
    execute format('lock table smarteros.%I in share update exclusive mode', partition);
  end loop;
  foreach partition in array expired || 'mcp_invocations_default'::text loop
    held := held + smarteros.hold_rows(partition, kept_from);
  end loop;
  if cardinality(expired) > 0 then
    lock table only public.mcp_invocations in access exclusive mode;
    foreach partition in array expired loop
      held := held + smarteros.hold_rows(partition, kept_from);
      execute format('drop table smarteros.%I', partition);
      partitions := partitions + 1;
    end loop;
  end if;
  with gone as (
    delete from smarteros.mcp_invocations_default i
    where i.ctid = any (array(
      select old.ctid from smarteros.mcp_invocations_default old where old.created_at < kept_from limit at_most))
    returning i.*
  ), kept as (
    insert into public.mcp_held_invocations
    select g.* from gone g where smarteros.is_held(g.user_id, g.tenant_id)
    on conflict do nothing
    returning 1
  )
  select held + (select count(*) from kept), count(*) into held, changed from gone;
  more := more or changed = at_most;
  delete from public.mcp_intents i
  where i.id = any (array(
    select old.id from public.mcp_intents old
    where old.created_at < kept_from and not smarteros.is_held(old.user_id, old.tenant_id) limit at_most));
  get diagnostics intents = row_count;
  delete from public.mcp_held_invocations i
  where i.ctid = any (array(
    select old.ctid from public.mcp_held_invocations old
    where old.created_at < kept_from and not smarteros.is_held(old.user_id, old.tenant_id) limit at_most));
  get diagnostics changed = row_count;
  more := more or greatest(intents, changed) = at_most;
  insert into smarteros.retention as r (kept_from) values (kept_from)
  on conflict (one) do update set kept_from = greatest(r.kept_from, excluded.kept_from);
  return next;
end
$$;

revoke all on function public.drop_expired(integer, boolean)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.drop_expired(integer, boolean) to service_role;
