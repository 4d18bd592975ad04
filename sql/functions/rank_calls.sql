-- The users or tenants with the most calls of a time, ten at most, with the figures of their calls, without what users
-- reported themselves. Needs `audit`.
create or replace function public.rank_calls(p_from timestamptz, p_to timestamptz, p_by text, p_tool text default null) returns jsonb
language plpgsql stable security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  cut smarteros.time_cut;
  answer jsonb;
begin
  if smarteros.subject() is null or not smarteros.can('audit') then
    raise exception 'this needs the capability "audit"' using errcode = '42501';
  end if;
  if p_from is null or p_to is null or p_from >= p_to or p_to - p_from > interval '400 days' then
    raise exception 'p_from must be before p_to, by 400 days at most' using errcode = '23514', constraint = 'time_range';
  end if;
  if p_by in ('user', 'tenant') is not true then
    raise exception 'p_by must be user or tenant' using errcode = '23514', constraint = 'by_known';
  end if;
  cut := smarteros.cut_time(p_from, p_to, p_tool is null, true, p_tool is null);
  with raw as materialized (
    select case p_by when 'user' then i.user_id else i.tenant_id::text end as key, smarteros.latency_bin(i.duration_ms) as bin,
      count(*) filter (where i.code is distinct from 'rate_limited') as calls,
      count(*) filter (where not i.success and i.code is distinct from 'rate_limited') as errors,
      coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
    from public.mcp_invocations i
    where ((i.created_at >= p_from and i.created_at < cut.hours_from) or (i.created_at >= cut.hours_to and i.created_at < p_to))
      and i.recorded_by = 'service'
      and (p_by = 'user' or i.tenant_id is not null)
      and (p_tool is null or i.tool = p_tool)
    group by 1, 2
  ), top as materialized (
    select sums.key, sum(sums.calls) as calls, sum(sums.errors) as errors, sum(sums.limited) as limited
    from (
      select r.scope_key as key, r.calls, r.errors, r.limited
      from smarteros.spans(cut) span
      join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
      where r.scope = p_by and r.tool = coalesce(p_tool, '')
      union all
      select raw.key, raw.calls, raw.errors, raw.limited from raw
    ) sums
    group by 1
    order by 2 desc, 1
    limit 10
  ), binned as (
    select piece.key, piece.bin, sum(piece.calls) as calls
    from (
      select top.key, unnest(r.bins) as bin, unnest(r.counts) as calls
      from top
      cross join smarteros.spans(cut) span
      cross join lateral (
        -- A few keys of many: each by the index, whatever the planner thinks of their number.
        select r.bins, r.counts
        from public.call_rollups r
        where r.resolution = span.resolution and r.scope = p_by and r.scope_key = top.key and r.tool = coalesce(p_tool, '')
          and r.ts >= span.since and r.ts < span.until
        offset 0
      ) r
      union all
      select raw.key, raw.bin, raw.calls::integer from top join raw using (key) where raw.calls > 0
    ) piece
    group by 1, 2
  ), latencies as (
    select b.key, array_agg(b.bin) as bins, array_agg(b.calls) as counts from binned b group by 1
  )
  select coalesce(jsonb_agg(
    jsonb_build_object('key', top.key) || smarteros.call_figures(top.calls, top.errors, top.limited, l.bins, l.counts)
    order by top.calls desc, top.key), '[]') into answer
  from top left join latencies l using (key);
  return answer;
end
$$;

revoke all on function public.rank_calls(timestamptz, timestamptz, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.rank_calls(timestamptz, timestamptz, text, text) to authenticated;
