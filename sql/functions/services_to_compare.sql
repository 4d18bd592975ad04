-- Returns the next tenants by id with their services that a comparison looks at: those that are wanted or recorded, those with a
-- step that was not skipped, and those with a creation that is not settled. `services` is [{"vendor", "state", "held",
-- "requested", "error_kind", "half_made", "undo_failed"}]: `requested` where a person requested a service whose flag is off,
-- `half_made` where a creation is open that no task settles, `undo_failed` is the run that failed to undo what it created. No
-- service of a deleted tenant is returned unless deprovisioning was requested: they stay. `p_owner`, `p_tenant_id`
-- and `p_vendor` choose; null is all.
create or replace function public.services_to_compare(
  p_after uuid default null, p_limit integer default 50, p_owner text default null, p_tenant_id uuid default null,
  p_vendor text default null
) returns table (tenant_id uuid, services jsonb)
language sql stable set search_path = ''
as $$
  select page.id, coalesce(touched.services, '[]')
  from (
    select t.id from public.tenants t
    where (p_after is null or t.id > p_after) and (p_owner is null or t.clerk_user_id = p_owner)
      and (p_tenant_id is null or t.id = p_tenant_id)
    order by t.id
    limit least(greatest(p_limit, 1), 200)
  ) page
  cross join lateral (
    select jsonb_agg(jsonb_build_object(
      'vendor', s.vendor, 'state', s.state, 'held', s.held, 'error_kind', s.error_kind,
      'requested', t.active and not s.wanted and s.action = 'provision' and r.requested_by <> 'system',
      'half_made', intent.id is not null and not exists (
        select from public.tasks k
        where k.tenant_id = s.tenant_id and k.queue = s.vendor and k.state in ('scheduled', 'queued', 'running')
      ),
      'undo_failed', undo.run_id
    ) order by s.vendor) as services
    from public.tenants t
    join public.tenant_services s on s.tenant_id = t.id
    left join public.provision_runs r on r.id = s.run_id
    left join public.provision_intents intent
      on intent.tenant_id = s.tenant_id and intent.vendor = s.vendor and intent.settled_at is null
    left join lateral (
      select u.run_id from public.provision_steps u
      where u.tenant_id = s.tenant_id and u.vendor = s.vendor and u.state = 'undo_failed'
      order by u.updated_at desc limit 1
    ) undo on true
    where t.id = page.id and (p_vendor is null or s.vendor = p_vendor)
      and (
        s.wanted or s.external_id is not null or intent.id is not null
        or exists (
          select from public.provision_steps u
          where u.tenant_id = s.tenant_id and u.vendor = s.vendor and u.state <> 'skipped'
        )
      )
      and (
        t.active or undo.run_id is not null
        or exists (
          select from public.tenant_events e
          where e.tenant_id = t.id and e.type = 'tenant.deprovision_requested' and e.created_at >= t.deleted_at
        )
      )
  ) touched
  order by page.id
$$;

revoke all on function public.services_to_compare(uuid, integer, text, uuid, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.services_to_compare(uuid, integer, text, uuid, text) to service_role;
