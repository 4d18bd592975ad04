-- Counts the next part of a day (UTC), about 100 000 calls of it: everybody's calls from its hours, then users' and then
-- tenants' from the calls, in the order of their keys, each by tool and for all tools together. Returns whether the day is
-- complete; if not, rollup_work says where it goes on.
create or replace function smarteros.count_day(p_work smarteros.rollup_work) returns boolean
language plpgsql volatile set search_path = '' set timezone = 'UTC'
as $$
declare
  part_size constant integer := 100000;
  day_end constant timestamptz := p_work.ts + interval '1 day';
  column_name text;
  first_key text;
  last_key text;
  found_calls integer;
begin
  if p_work.part = 'all' then
    perform smarteros.store_rollups('day', p_work.ts,
      smarteros.rollups_by('hour', p_work.ts, day_end, $c$r.scope_key = ''$c$));
    update smarteros.rollup_work w set part = 'user', after_key = '' where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  column_name := p_work.part || '_id';
  first_key := case when p_work.part = 'tenant' and p_work.after_key = '' then '00000000-0000-0000-0000-000000000000'
    else p_work.after_key end;
  execute format(
    'select max(next.key::text collate "C"), count(*) from (
       select i.%1$I as key from public.mcp_invocations i
       where i.created_at >= %2$L and i.created_at < %3$L and i.%1$I > $1::%4$s order by i.%1$I limit %5$s
     ) next', column_name, p_work.ts, day_end, case p_work.part when 'tenant' then 'uuid' else 'text' end, part_size
  ) into last_key, found_calls using first_key;
  if found_calls > 0 then
    perform smarteros.store_rollups('day', p_work.ts, smarteros.calls_by(p_work.ts, day_end,
      case p_work.part when 'tenant' then 'i.tenant_id > $1::uuid and i.tenant_id <= $2::uuid'
        else 'i.user_id > $1 and i.user_id <= $2' end,
      case p_work.part
        when 'tenant' then $lines$
          (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, c.tool),
          (case when c.is_self then 'self_tenant' else 'tenant' end, c.tenant_id, '')
        $lines$
        else $lines$
          (case when c.is_self then 'self' else 'user' end, c.user_id, c.tool),
          (case when c.is_self then 'self' else 'user' end, c.user_id, '')
        $lines$
      end), first_key, last_key);
  end if;
  if found_calls = part_size then
    update smarteros.rollup_work w set after_key = last_key where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  if p_work.part = 'user' then
    update smarteros.rollup_work w set part = 'tenant', after_key = '' where w.resolution = 'day' and w.ts = p_work.ts;
    return false;
  end if;
  return true;
end
$$;

revoke all on function smarteros.count_day(smarteros.rollup_work)
  from public, anon, authenticated, service_role, smarteros_fn;
