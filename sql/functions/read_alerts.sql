-- All that a pass is made over, in one reading: state with its version, rules, mutes and observations.
create or replace function public.read_alerts(p_minutes integer[], p_slow_ms integer[]) returns jsonb
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

revoke all on function public.read_alerts(integer[], integer[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.read_alerts(integer[], integer[]) to service_role;
