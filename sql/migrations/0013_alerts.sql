-- Alerts: what is watched beside the monitor's own rules, whom they tell, what is open, and an outbox of what is on its
-- way. Addresses with their secrets go in and never come out again but to the service that dials them.

create table public.alert_rules (
  id text primary key,
  -- As `@smarteros/observability/alerts` defines a rule; the console and the monitor check it whole.
  definition jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),

  constraint alert_rules_id_shape check (id ~ '^[a-z][a-z0-9-]{0,63}$'),
  constraint alert_rules_definition_is_of_it check (
    jsonb_typeof(definition) = 'object' and definition ->> 'id' = id and octet_length(definition::text) <= 8000
  ),
  constraint alert_rules_kind_known check (
    coalesce(definition ->> 'kind', '') in ('errors', 'latency', 'probe', 'provisioning', 'audit-drops', 'silence')
  )
);

-- By rule, whether it stands in the monitor's file or in alert_rules.
create table public.alert_mutes (
  rule text primary key,
  until timestamptz not null,
  muted_by text not null,

  constraint alert_mutes_rule_shape check (rule ~ '^[a-z][a-z0-9-]{0,63}$')
);

create table public.alert_targets (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  kind text not null,
  -- What may be shown of where it leads: a host, or an address of mail.
  address text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  removed_at timestamptz,

  constraint alert_targets_name_length check (char_length(btrim(name)) between 1 and 120),
  constraint alert_targets_kind_known check (kind in ('slack', 'email', 'webhook')),
  constraint alert_targets_address_length check (char_length(address) between 1 and 320)
);
create unique index alert_targets_name_key on public.alert_targets (name) where removed_at is null;

create table smarteros.alert_target_secrets (
  target_id uuid primary key references public.alert_targets (id),
  settings jsonb not null,

  constraint alert_target_secrets_object check (
    jsonb_typeof(settings) = 'object' and octet_length(settings::text) <= 8000
  )
);

create table public.alert_incidents (
  id text primary key,
  alert_group text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- What was failing when it was last seen open: [{rule, subject, why}].
  subjects jsonb not null,

  constraint alert_incidents_subjects_array check (jsonb_typeof(subjects) = 'array')
);
create index alert_incidents_newest_idx on public.alert_incidents (opened_at desc, id desc);

-- What the engine remembers between passes, and the rules of the monitor's file; the version lets one of two monitors win.
create table public.alert_states (
  id text primary key,
  version bigint not null,
  state jsonb not null,
  rules jsonb not null,
  at timestamptz not null default now()
);

create table public.alert_deliveries (
  id uuid primary key default gen_random_uuid(),
  notification text not null,
  target_id uuid not null references public.alert_targets (id),
  kind text not null,
  payload jsonb not null,
  state text not null default 'pending',
  attempts integer not null default 0,
  -- Until then nobody takes it up: it is being delivered, or waits for another try.
  next_attempt_at timestamptz not null default now(),
  last_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  -- A restart, or a second monitor, tells nobody twice.
  constraint alert_deliveries_notification_target_key unique (notification, target_id),
  constraint alert_deliveries_kind_known
    check (kind in ('opened', 'changed', 'reminder', 'resolved', 'gap', 'test')),
  constraint alert_deliveries_state_known check (state in ('pending', 'delivered', 'failed')),
  constraint alert_deliveries_finished_when_over check ((finished_at is null) = (state = 'pending')),
  constraint alert_deliveries_last_error_length check (char_length(last_error) <= 300)
);
create index alert_deliveries_due_idx on public.alert_deliveries (next_attempt_at) where state = 'pending';
create index alert_deliveries_newest_idx on public.alert_deliveries (created_at desc, id desc);

do $$
declare
  name text;
begin
  foreach name in array array['alert_rules', 'alert_mutes', 'alert_targets', 'alert_incidents', 'alert_states',
    'alert_deliveries'] loop
    execute format('alter table public.%I enable row level security', name);
    execute format('alter table public.%I force row level security', name);
    execute format('revoke all on public.%I from public, anon, authenticated, service_role', name);
    execute format('grant select on public.%I to authenticated, service_role', name);
    execute format(
      'create policy %I on public.%I for select to authenticated using ((select smarteros.can(''audit'')))',
      name || '_read_audit', name
    );
  end loop;
end
$$;
alter table smarteros.alert_target_secrets enable row level security;
alter table smarteros.alert_target_secrets force row level security;
revoke all on smarteros.alert_target_secrets from public, anon, authenticated, service_role;

-- What the administrators' functions below need, and no more: of secrets they can only write and remove.
create policy alert_rules_kept_by_admin on public.alert_rules for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));
create policy alert_mutes_kept_by_admin on public.alert_mutes for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));
create policy alert_targets_kept_by_admin on public.alert_targets for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));
create policy alert_deliveries_tested_by_admin on public.alert_deliveries for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));
create policy alert_target_secrets_kept_by_admin on smarteros.alert_target_secrets for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));
grant select, insert, update, delete on public.alert_rules to smarteros_fn;
grant select, insert, update on public.alert_mutes, public.alert_targets to smarteros_fn;
grant select, insert, update on public.alert_deliveries to smarteros_fn;
grant select (target_id), insert, delete on smarteros.alert_target_secrets to smarteros_fn;

create function public.save_alert_rule(p_definition jsonb) returns setof public.alert_rules
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_rules as r (id, definition, created_by)
    values (p_definition ->> 'id', p_definition, smarteros.subject())
    on conflict (id) do update set definition = excluded.definition, updated_at = now()
    returning r.*;
end
$$;

create function public.delete_alert_rule(p_id text) returns setof public.alert_rules
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query delete from public.alert_rules r where r.id = p_id returning r.*;
end
$$;

-- A moment that has passed ends the mute.
create function public.mute_alert_rule(p_rule text, p_until timestamptz) returns setof public.alert_mutes
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_mutes as m (rule, until, muted_by) values (p_rule, p_until, smarteros.subject())
    on conflict (rule) do update set until = excluded.until, muted_by = excluded.muted_by
    returning m.*;
end
$$;

create function public.add_alert_target(p_name text, p_kind text, p_address text, p_settings jsonb)
returns setof public.alert_targets
language plpgsql volatile security definer set search_path = ''
as $$
declare
  added public.alert_targets;
begin
  perform smarteros.require('admin');
  insert into public.alert_targets (name, kind, address, created_by)
  values (btrim(p_name), p_kind, p_address, smarteros.subject()) returning * into added;
  insert into smarteros.alert_target_secrets (target_id, settings) values (added.id, p_settings);
  return next added;
end
$$;

-- Its name stays for the log of deliveries; what was secret of it goes, and what is on its way to it is given up.
create function public.remove_alert_target(p_id uuid) returns setof public.alert_targets
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  delete from smarteros.alert_target_secrets s where s.target_id = p_id;
  update public.alert_deliveries d set state = 'failed', finished_at = now(), last_error = 'the target was removed'
  where d.target_id = p_id and d.state = 'pending';
  return query
    update public.alert_targets t set removed_at = now() where t.id = p_id and t.removed_at is null returning t.*;
end
$$;

-- Puts a test message into the outbox, which the monitor delivers like any other.
create function public.test_alert_target(p_id uuid) returns setof public.alert_deliveries
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_deliveries as d (notification, target_id, kind, payload)
    select 'test@' || gen_random_uuid(), t.id, 'test', jsonb_build_object('kind', 'test', 'group', 'test', 'at', now())
    from public.alert_targets t where t.id = p_id and t.removed_at is null
    returning d.*;
end
$$;

-- Calls, failures and slow calls by tool, of windows that end now: [{minutes, tool, calls, failed, slow}]. Whole hours
-- that are counted come from the roll-ups, the rest from the calls. A caller's mistake is no failure, and a call that
-- the limit turned away is none at all. A latency is known to 1 %.
create function smarteros.observe_calls(p_minutes integer[], p_slow_ms integer[], p_now timestamptz) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  with bounds as (
    select m.minutes, p_now - make_interval(mins => m.minutes) as since,
      date_trunc('hour', p_now - make_interval(mins => m.minutes) + interval '1 hour' - interval '1 microsecond') as hours_from,
      least(date_trunc('hour', p_now), coalesce(smarteros.rolled_up_until(), '-infinity')) as hours_to
    from (select distinct unnest(p_minutes) as minutes) m
  ), windows as (
    select b.minutes, b.since,
      case when b.hours_to > b.hours_from then b.hours_from else p_now end as hours_from,
      case when b.hours_to > b.hours_from then b.hours_to else p_now end as hours_to
    from bounds b
  ), threshold as materialized (
    select slow_ms, smarteros.latency_bin(slow_ms) as bin from (select distinct unnest(p_slow_ms) as slow_ms) t
  ), span as (
    select w.minutes, w.since as since, w.hours_from as until from windows w
    union all
    select w.minutes, w.hours_to, p_now from windows w
  ), raw as materialized (
    select s.minutes, i.tool, i.duration_ms
    from span s
    join public.mcp_invocations i on i.created_at >= s.since and i.created_at < s.until
    where i.code is distinct from 'rate_limited'
  ), rolled as materialized (
    select w.minutes, r.tool, r.calls, r.bins, r.counts
    from windows w
    join public.call_rollups r on r.resolution = 'hour' and r.scope = 'all' and r.scope_key = '' and r.tool <> ''
      and r.ts >= w.hours_from and r.ts < w.hours_to
  ), counted as (
    select c.minutes, c.tool, sum(c.calls) as calls
    from (
      select r.minutes, r.tool, count(*) as calls from raw r group by 1, 2
      union all
      select r.minutes, r.tool, sum(r.calls) from rolled r group by 1, 2
    ) c
    group by 1, 2
  ), slow as (
    select c.minutes, c.tool, jsonb_object_agg(c.slow_ms::text, c.calls) as slow
    from (
      select p.minutes, p.tool, p.slow_ms, sum(p.calls) as calls
      from (
        select r.minutes, r.tool, t.slow_ms, count(*) filter (where r.duration_ms > t.slow_ms) as calls
        from raw r cross join threshold t
        group by 1, 2, 3
        union all
        -- Bins stand in order: the counts of those above the threshold's are the end of the list.
        select r.minutes, r.tool, t.slow_ms,
          sum((select coalesce(sum(n), 0) from unnest(r.counts[width_bucket(t.bin, r.bins) + 1:]) n))
        from rolled r cross join threshold t
        where cardinality(r.bins) > 0
        group by 1, 2, 3
      ) p
      group by 1, 2, 3
    ) c
    group by 1, 2
  ), failed as (
    select w.minutes, i.tool, count(*) as failed
    from windows w
    join public.mcp_invocations i on i.created_at >= w.since and i.created_at < p_now
    where i.code in ('internal', 'upstream_error', 'upstream_timeout', 'deadline_exceeded', 'unavailable')
    group by 1, 2
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('minutes', c.minutes, 'tool', c.tool, 'calls', c.calls, 'failed', coalesce(f.failed, 0),
        'slow', coalesce(s.slow, '{}'))
    ),
    '[]'
  )
  from counted c
  left join failed f on f.minutes = c.minutes and f.tool = c.tool
  left join slow s on s.minutes = c.minutes and s.tool = c.tool
$$;

-- The newest probe of each service that was probed within a day.
create function smarteros.observe_probes() returns jsonb
language sql stable set search_path = ''
as $$
  with recursive service as (
    (select h.service from public.external_health h order by h.service limit 1)
    union all
    select (select h.service from public.external_health h where h.service > s.service order by h.service limit 1)
    from service s where s.service is not null
  )
  select coalesce(
    jsonb_agg(
      jsonb_build_object('service', s.service, 'status', h.status, 'error', h.error_message, 'at', h.created_at)
    ),
    '[]'
  )
  from service s
  cross join lateral (
    select h.status, h.error_message, h.created_at from public.external_health h
    where h.service = s.service order by h.created_at desc limit 1
  ) h
  where h.created_at > now() - interval '1 day'
$$;

-- Steps that failed within an hour, by vendor, of the vendors with a step that ended within a day.
create function smarteros.observe_provisioning() returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(
    jsonb_agg(jsonb_build_object('vendor', v.vendor, 'failed', v.failed, 'kinds', coalesce(v.kinds, '{}'))), '[]'
  )
  from (
    select s.vendor,
      count(*) filter (where s.state = 'failed' and s.finished_at > now() - interval '1 hour') as failed,
      array_agg(distinct s.error_kind) filter (
        where s.state = 'failed' and s.error_kind is not null and s.finished_at > now() - interval '1 hour'
      ) as kinds
    from public.provision_steps s
    where s.finished_at > now() - interval '1 day'
    group by s.vendor
  ) v
$$;
create index provision_steps_finished_idx on public.provision_steps (finished_at) where finished_at is not null;

-- All that a pass is made over, in one reading: state with its version, rules, mutes and observations.
create function public.read_alerts(p_minutes integer[], p_slow_ms integer[]) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'version', coalesce((select s.version from public.alert_states s where s.id = 'monitor'), 0),
    'state', (select s.state from public.alert_states s where s.id = 'monitor'),
    'rules', coalesce((select jsonb_agg(r.definition order by r.id) from public.alert_rules r), '[]'),
    'mutes', coalesce((select jsonb_object_agg(m.rule, m.until) from public.alert_mutes m where m.until > now()), '{}'),
    -- Without services it is for everything.
    'maintenance', coalesce((
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'from', w.starts_at, 'until', w.ends_at,
        'services', case when w.service is not null then jsonb_build_array(w.service) end
      )))
      from smarteros.maintenance_windows w where w.starts_at <= now() and w.ends_at > now()), '[]'),
    'observations', jsonb_build_object(
      'calls', smarteros.observe_calls(
        p_minutes,
        p_slow_ms || array(
          select (r.definition ->> 'thresholdMs')::integer from public.alert_rules r
          where jsonb_typeof(r.definition -> 'thresholdMs') = 'number'
            and (r.definition ->> 'thresholdMs') ~ '^[0-9]{1,6}$'
        ),
        now()
      ),
      'probes', smarteros.observe_probes(),
      'provisioning', smarteros.observe_provisioning()
    )
  )
$$;

-- Stores what a pass came to, all of it or nothing: answers false where another monitor's pass came before it.
create function public.store_alert_pass(
  p_version bigint, p_state jsonb, p_rules jsonb, p_incidents jsonb, p_notifications jsonb
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_version = 0 then
    insert into public.alert_states (id, version, state, rules) values ('monitor', 1, p_state, p_rules)
    on conflict do nothing;
  else
    update public.alert_states s set version = s.version + 1, state = p_state, rules = p_rules, at = now()
    where s.id = 'monitor' and s.version = p_version;
  end if;
  if not found then
    return false;
  end if;
  insert into public.alert_incidents as i (id, alert_group, opened_at, closed_at, subjects)
  select p.id, p."group", p."openedAt", p."closedAt", p.subjects
  from jsonb_to_recordset(p_incidents)
    as p (id text, "group" text, "openedAt" timestamptz, "closedAt" timestamptz, subjects jsonb)
  on conflict (id) do update set closed_at = excluded.closed_at,
    -- What failed stays to be read when it is over.
    subjects = case when excluded.subjects = '[]' then i.subjects else excluded.subjects end;
  insert into public.alert_deliveries (notification, target_id, kind, payload)
  select n ->> 'key', t.id, n ->> 'kind', n - 'targets'
  from jsonb_array_elements(p_notifications) n
  join public.alert_targets t on t.removed_at is null
    and (jsonb_typeof(n -> 'targets') is distinct from 'array' or n -> 'targets' ? t.name)
  on conflict do nothing;
  delete from public.alert_deliveries d where d.state <> 'pending' and d.created_at < now() - interval '90 days';
  return true;
end
$$;

-- Takes up what is due, for one minute in which nobody else does, with what is needed to dial.
create function public.claim_alert_deliveries(p_limit integer default 20)
returns table (id uuid, notification text, attempts integer, payload jsonb, target text, target_kind text, settings jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_limit is null or p_limit not between 0 and 100 then
    raise exception 'p_limit must be 0 to 100' using errcode = '23514', constraint = 'p_limit_range';
  end if;
  return query
    with due as (
      select d.id from public.alert_deliveries d
      where d.state = 'pending' and d.next_attempt_at <= now()
      order by d.next_attempt_at limit p_limit
      for update skip locked
    ), taken as (
      update public.alert_deliveries d
      set attempts = d.attempts + 1, next_attempt_at = now() + interval '1 minute'
      from due where d.id = due.id
      returning d.*
    )
    select k.id, k.notification, k.attempts, k.payload, t.name, t.kind, s.settings
    from taken k
    join public.alert_targets t on t.id = k.target_id
    join smarteros.alert_target_secrets s on s.target_id = k.target_id
    order by k.created_at;
end
$$;

-- How an attempt ended: `p_retry_at` for another one, null where it is over. Answers whether it was still under way.
create function public.end_alert_delivery(
  p_id uuid, p_delivered boolean, p_status integer, p_error text, p_retry_at timestamptz
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.alert_deliveries d
  set state = case when p_delivered then 'delivered' when p_retry_at is null then 'failed' else 'pending' end,
    finished_at = case when p_delivered or p_retry_at is null then now() end,
    next_attempt_at = coalesce(p_retry_at, d.next_attempt_at),
    last_status = p_status,
    last_error = left(p_error, 300)
  where d.id = p_id and d.state = 'pending';
  return found;
end
$$;

revoke all on function public.save_alert_rule(jsonb), public.delete_alert_rule(text),
  public.mute_alert_rule(text, timestamptz), public.add_alert_target(text, text, text, jsonb),
  public.remove_alert_target(uuid), public.test_alert_target(uuid),
  smarteros.observe_calls(integer[], integer[], timestamptz), smarteros.observe_probes(), smarteros.observe_provisioning(),
  public.read_alerts(integer[], integer[]), public.store_alert_pass(bigint, jsonb, jsonb, jsonb, jsonb),
  public.claim_alert_deliveries(integer), public.end_alert_delivery(uuid, boolean, integer, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.save_alert_rule(jsonb), public.delete_alert_rule(text),
  public.mute_alert_rule(text, timestamptz), public.add_alert_target(text, text, text, jsonb),
  public.remove_alert_target(uuid), public.test_alert_target(uuid) to authenticated;
grant execute on function public.read_alerts(integer[], integer[]),
  public.store_alert_pass(bigint, jsonb, jsonb, jsonb, jsonb), public.claim_alert_deliveries(integer),
  public.end_alert_delivery(uuid, boolean, integer, text, timestamptz) to service_role;

grant create on schema public to smarteros_fn;
alter function public.save_alert_rule(jsonb) owner to smarteros_fn;
alter function public.delete_alert_rule(text) owner to smarteros_fn;
alter function public.mute_alert_rule(text, timestamptz) owner to smarteros_fn;
alter function public.add_alert_target(text, text, text, jsonb) owner to smarteros_fn;
alter function public.remove_alert_target(uuid) owner to smarteros_fn;
alter function public.test_alert_target(uuid) owner to smarteros_fn;
revoke create on schema public from smarteros_fn;
