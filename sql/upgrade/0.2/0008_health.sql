-- Takes over `external_health` where it stands. Where there is none, nothing is done.

do $$
begin
  if to_regclass('smarteros_0_2.external_health') is null then
    return;
  end if;
  perform smarteros_0_2.add_columns('smarteros_0_2.external_health', 'public.external_health');
  create table smarteros_0_2.probes_in_review as
  select to_jsonb(h) as row,
    smarteros_0_2.probe_reasons(h.service, h.status, h.latency_ms, h.error_message, h.metadata, h.created_at) as reasons
  from smarteros_0_2.external_health h
  where cardinality(smarteros_0_2.probe_reasons(h.service, h.status, h.latency_ms, h.error_message, h.metadata, h.created_at)) > 0;
  delete from smarteros_0_2.external_health h
  where cardinality(smarteros_0_2.probe_reasons(h.service, h.status, h.latency_ms, h.error_message, h.metadata, h.created_at)) > 0;
  perform smarteros_0_2.add_rules('smarteros_0_2.external_health', 'public.external_health');
  perform smarteros_0_2.take_place('external_health');

  -- Counted by the day in bounded steps, as what the monitor writes.
  insert into smarteros.health_uncounted (service, ts)
  select distinct h.service, date_trunc('day', h.created_at, 'UTC')
  from public.external_health h where h.created_at >= now() - interval '100 days';
  -- Older rows stay; the retention of probes begins with the adoption.
  insert into smarteros.settings (name, value) values ('probes_adopted_at', to_jsonb(now()));
end
$$;
