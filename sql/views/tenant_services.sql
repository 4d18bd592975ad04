-- Each tenant with each vendor: whether it is wanted, what is there, and how the last that was done to it went. Row level
-- security is that of the tables below it.
create view public.tenant_services with (security_invoker = true) as
select
  t.id as tenant_id,
  service.vendor,
  service.wanted,
  service.external_id,
  case
    when step.finished_at is null and step.state is not null then step.state
    when step.state in ('failed', 'undo_failed') and (service.wanted or service.external_id is not null) then 'failed'
    when service.external_id is null then 'absent'
    when step.action = 'disable' and step.state = 'unsupported' then 'unsupported'
    when step.action = 'disable' and step.state = 'succeeded' then 'disabled'
    else 'active'
  end as state,
  step.run_id,
  step.action,
  coalesce(step.attempts, 0) as attempts,
  step.error_kind,
  step.error_message,
  step.remedy,
  step.next_attempt_at,
  coalesce(step.duplicates, '{}') as duplicates,
  drift.kind as drift,
  drift.seen_name,
  drift.found_at as drift_found_at,
  coalesce(step.updated_at, t.created_at) as updated_at,
  -- Taken over from 0.2 and not adopted yet: no run touches it.
  hold.since is not null as held,
  comparison.compared_at,
  -- Null where no worker reported an address, and for an id that could change the address.
  case
    when page.id ~ '^[A-Za-z0-9_-]+$' and page.address ~ '^https?://' then replace(page.address, '{id}', page.id)
  end as url,
  checklist.items as checklist
from public.tenants t
cross join public.provision_vendors v
left join public.tenant_service_ids id on id.tenant_id = t.id and id.vendor = v.vendor
cross join lateral (
  select
    v.vendor,
    t.active and (t.services_enabled ->> v.flag)::boolean as wanted,
    case v.vendor
      when 'chatwoot' then t.chatwoot_inbox_id::text
      when 'botpress' then t.botpress_workspace_id
      when 'odoo' then t.odoo_company_id::text
      when 'n8n' then t.n8n_project_id
      when 'metabase' then t.metabase_dashboard_id
      else id.external_id
    end as external_id
) service
cross join lateral (
  select
    regexp_replace(service.external_id, '^[a-z]+:', '') as id,
    v.resource_urls ->> coalesce(substring(service.external_id from '^([a-z]+):'), '') as address
) page
left join lateral (
  select s.*
  from public.provision_steps s
  where s.tenant_id = t.id and s.vendor = service.vendor and s.state not in ('skipped', 'cancelled')
  order by s.finished_at is null desc, s.updated_at desc
  limit 1
) step on true
left join public.provision_drift drift
  on drift.tenant_id = t.id and drift.vendor = service.vendor and drift.resolved_at is null
left join public.provision_comparisons comparison
  on comparison.tenant_id = t.id and comparison.vendor = service.vendor
-- What a person has to do at the vendor before the service works, and what was done.
cross join lateral (
  select coalesce(
    jsonb_agg(
      jsonb_build_object('item', one.item, 'done_by', c.done_by, 'done_at', c.done_at) order by one.place
    ),
    '[]'
  ) as items
  from unnest(v.checklist) with ordinality as one (item, place)
  left join public.service_checks c on c.tenant_id = t.id and c.vendor = v.vendor and c.item = one.item
) checklist
left join public.provision_holds hold
  on hold.tenant_id = t.id and hold.vendor = service.vendor and hold.released_at is null;

revoke all on public.tenant_services from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenant_services to authenticated, service_role, smarteros_fn;
