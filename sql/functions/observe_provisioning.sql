-- Steps that failed, or failed to be undone, within an hour, by vendor, of the vendors with a step that ended within a day; and
-- under `events` the events of tenants that failed five times and wait for a comparison with repair.
create or replace function smarteros.observe_provisioning() returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(
    jsonb_agg(jsonb_build_object('vendor', v.vendor, 'failed', v.failed, 'kinds', coalesce(v.kinds, '{}'))), '[]'
  )
  from (
    select s.vendor,
      count(*) filter (where s.state in ('failed', 'undo_failed') and s.finished_at > now() - interval '1 hour') as failed,
      array_agg(distinct s.error_kind) filter (
        where s.state in ('failed', 'undo_failed') and s.error_kind is not null and s.finished_at > now() - interval '1 hour'
      ) as kinds
    from public.provision_steps s
    where s.finished_at > now() - interval '1 day'
    group by s.vendor
    union all
    select 'events', count(*), null from public.tenant_events e where e.processed_at is null and e.attempts >= 5
    having count(*) > 0
  ) v
$$;

revoke all on function smarteros.observe_provisioning() from public, anon, authenticated, service_role, smarteros_fn;
