-- Counts, error rates and latencies (ms) of a time, in all, by moment and by tool, with the time before it, of the same
-- length by whole hours or days, where all of it was counted. Users see their own calls. `p_step` is the length of a moment
-- in seconds. By the hour calls are counted for everybody's tools, for each user and each tenant; those of a user or tenant
-- by tool are by the day alone, and those of a user about one tenant not at all. What users reported themselves counts in the
-- current user's own view alone; elsewhere it stands apart, as selfReported.
create or replace function public.summarize_calls(
  p_from timestamptz,
  p_to timestamptz,
  p_step integer,
  p_tool text default null,
  p_user text default null,
  p_tenant uuid default null
) returns jsonb
language plpgsql stable security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  sees_all constant boolean := smarteros.can('audit');
  step constant interval := make_interval(secs => p_step);
  whose text;
  key text;
  own boolean;
  scopes text[];
  is_counted boolean;
  by_hour boolean;
  by_day boolean;
  before_unit interval;
  before_from timestamptz;
  before_to timestamptz;
  -- How the time is cut: for moments, for tools, and the time before.
  moments smarteros.time_cut;
  tools smarteros.time_cut;
  earlier smarteros.time_cut;
  answer jsonb;
begin
  if smarteros.subject() is null or not smarteros.can('read') then
    raise exception 'this needs the capability "read"' using errcode = '42501';
  end if;
  if p_from is null or p_to is null or p_from >= p_to or p_to - p_from > interval '400 days' then
    raise exception 'p_from must be before p_to, by 400 days at most' using errcode = '23514', constraint = 'time_range';
  end if;
  if p_step is null or p_step < 300 or p_step % 300 <> 0 or extract(epoch from p_to - p_from) / p_step > 1000 then
    raise exception 'p_step must be whole five minutes, 1000 of them at most' using errcode = '23514', constraint = 'step_range';
  end if;
  if p_user is not null and p_tenant is not null then
    raise exception 'one user or one tenant' using errcode = '23514', constraint = 'user_or_tenant';
  end if;
  whose := case when p_user is not null or not sees_all then 'user' when p_tenant is not null then 'tenant' else 'all' end;
  -- Another's, for who may not audit, are hidden by row level security.
  key := case whose when 'user' then coalesce(p_user, smarteros.subject()) when 'tenant' then p_tenant::text else '' end;
  own := whose = 'user' and key = smarteros.subject();
  scopes := case when own then '{user,self}'::text[] else array[whose] end;
  is_counted := whose <> 'user' or p_tenant is null;
  by_hour := is_counted and p_step >= 3600 and (whose = 'all' or p_tool is null);
  by_day := is_counted and p_step >= 86400;

  moments := smarteros.cut_time(p_from, p_to, by_hour, by_day, false);
  tools := smarteros.cut_time(p_from, p_to, by_hour and whose = 'all', is_counted and p_step >= 3600, by_hour and whose = 'all');
  before_to := p_from;
  before_from := p_from - (p_to - p_from);
  if by_hour or by_day then
    before_unit := case when by_hour then interval '1 hour' else interval '1 day' end;
    before_to := date_bin(before_unit, p_from, '2000-01-01');
    before_from := before_to - before_unit
      * greatest(1, round(extract(epoch from p_to - p_from) / extract(epoch from before_unit)))::integer;
  end if;
  earlier := smarteros.cut_time(before_from, before_to, by_hour, is_counted and p_step >= 3600, by_hour);

  with raw as materialized (
    -- What is not counted ahead, and what it is for.
    select bin.of_self, bin.of_before, bin.of_moments, bin.of_tools, bin.ts, bin.tool, sum(bin.calls) as calls, sum(bin.errors) as errors,
      sum(bin.limited) as limited, array_agg(bin.bin) as bins, array_agg(bin.calls) as counts
    from (
      select i.recorded_by = 'self' and not own as of_self, i.created_at < p_from as of_before,
        i.created_at >= p_from and not (i.created_at >= moments.hours_from and i.created_at < moments.hours_to) as of_moments,
        i.created_at >= p_from and not (i.created_at >= tools.hours_from and i.created_at < tools.hours_to) as of_tools,
        date_bin(step, i.created_at, '2000-01-01') as ts, i.tool, smarteros.latency_bin(i.duration_ms) as bin,
        count(*) filter (where i.code is distinct from 'rate_limited')::integer as calls,
        count(*) filter (where not i.success and i.code is distinct from 'rate_limited')::integer as errors,
        coalesce(sum(i.calls) filter (where i.code = 'rate_limited'), 0) as limited
      from public.mcp_invocations i
      where ((i.created_at >= p_from and i.created_at < greatest(moments.hours_from, tools.hours_from))
          or (i.created_at >= least(moments.hours_to, tools.hours_to) and i.created_at < p_to)
          or (i.created_at >= before_from and i.created_at < earlier.hours_from)
          or (i.created_at >= earlier.hours_to and i.created_at < before_to))
        and (whose <> 'user' or i.user_id = key)
        and (p_tenant is null or i.tenant_id = p_tenant)
        and (p_tool is null or i.tool = p_tool)
      group by 1, 2, 3, 4, 5, 6, 7
    ) bin
    group by 1, 2, 3, 4, 5, 6
  ), piece as materialized (
    -- All that is added up; of a moment `ts` says which, of a tool `tool`.
    select 'moment' as kind, date_bin(step, r.ts, '2000-01-01') as ts, '' as tool,
      r.calls::bigint, r.errors::bigint, r.limited::bigint, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'before', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(earlier) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and r.tool = coalesce(p_tool, '')
    union all
    select 'tool', null, r.tool, r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(tools) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where r.scope = any (scopes) and r.scope_key = key and case when p_tool is null then r.tool <> '' else r.tool = p_tool end
    union all
    select 'moment', raw.ts, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments and not raw.of_self
    union all
    select 'before', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_before and not raw.of_self
    union all
    select 'tool', null, raw.tool, raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_tools and not raw.of_self
    union all
    select 'self', null, '', raw.calls, raw.errors, raw.limited, raw.bins, raw.counts from raw where raw.of_moments and raw.of_self
    union all
    select 'self', null, '', r.calls, r.errors, r.limited, r.bins, r.counts
    from smarteros.spans(moments) span
    join public.call_rollups r on r.resolution = span.resolution and r.ts >= span.since and r.ts < span.until
    where not own and r.scope = case whose when 'tenant' then 'self_tenant' else 'self' end and r.scope_key = key
      and r.tool = coalesce(p_tool, '')
  ), binned as materialized (
    select pair.kind, pair.ts, pair.tool, pair.bin, sum(pair.calls) as calls
    from (select p.kind, p.ts, p.tool, unnest(p.bins) as bin, unnest(p.counts) as calls from piece p) pair
    where pair.calls > 0
    group by 1, 2, 3, 4
  ), latencies as (
    select b.kind, b.ts, b.tool, array_agg(b.bin) as bins, array_agg(b.calls) as counts
    from (
      select binned.* from binned
      union all
      select 'total', null, '', binned.bin, sum(binned.calls)::bigint from binned where binned.kind = 'moment' group by binned.bin
    ) b
    group by 1, 2, 3
  ), sums as (
    select piece.kind, piece.ts, piece.tool, sum(piece.calls) as calls, sum(piece.errors) as errors, sum(piece.limited) as limited
    from piece group by 1, 2, 3
    union all
    select 'total', null, '', sum(piece.calls), sum(piece.errors), sum(piece.limited) from piece where piece.kind = 'moment'
  ), line as materialized (
    select s.kind, s.ts, s.tool, s.calls, smarteros.call_figures(s.calls, s.errors, s.limited, l.bins, l.counts) as figures
    from sums s left join latencies l on l.kind = s.kind and l.ts is not distinct from s.ts and l.tool = s.tool
  )
  select jsonb_build_object(
    'total', (select l.figures from line l where l.kind = 'total'),
    'before', case when before_from >= smarteros.counted_since() then
      jsonb_build_object('from', before_from, 'to', before_to) || coalesce(
        (select l.figures from line l where l.kind = 'before'), smarteros.call_figures(0, 0, 0, null, null))
    end,
    'moments', coalesce((
      select jsonb_agg(jsonb_build_object('at', l.ts) || l.figures order by l.ts)
      from line l where l.kind = 'moment'), '[]'),
    'tools', coalesce((
      select jsonb_agg(jsonb_build_object('tool', l.tool) || l.figures order by l.calls desc, l.tool)
      from line l where l.kind = 'tool'), '[]'),
    -- How many calls of each moment took less than 10, 30, 100, 300, 1000, 3000 ms, and more.
    'latencies', coalesce((
      select jsonb_agg(jsonb_build_array(heat.ts, heat.band, heat.calls) order by heat.ts, heat.band)
      from (
        select binned.ts, width_bucket(smarteros.bin_ms(binned.bin), array[10, 30, 100, 300, 1000, 3000]::float8[]) as band,
          sum(binned.calls) as calls
        from binned where binned.kind = 'moment' group by 1, 2
      ) heat), '[]'),
    'selfReported', case when not own then coalesce(
      (select l.figures from line l where l.kind = 'self'), smarteros.call_figures(0, 0, 0, null, null))
    end,
    'countedUntil', smarteros.rolled_up_until()
  ) into answer;
  return answer;
end
$$;

revoke all on function public.summarize_calls(timestamptz, timestamptz, integer, text, text, uuid)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.summarize_calls(timestamptz, timestamptz, integer, text, text, uuid)
  to authenticated;
