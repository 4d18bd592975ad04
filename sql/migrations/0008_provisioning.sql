-- What was asked for a tenant's services, how each vendor's part of it goes, and who works on it.

create table public.provision_runs (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  requested_by text not null,
  event_id bigint references public.events (id),
  request_id text,
  state text not null default 'queued',
  created_at timestamptz not null default now(),
  started_at timestamptz,
  cancelled_at timestamptz,
  finished_at timestamptz,

  constraint provision_runs_requested_by_length check (char_length(requested_by) between 1 and 255),
  constraint provision_runs_request_id_length check (char_length(request_id) between 1 and 200),
  constraint provision_runs_state_known
    check (state in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  constraint provision_runs_finished_when_over check ((finished_at is null) = (state in ('queued', 'running')))
);

create unique index provision_runs_event_key on public.provision_runs (event_id) where event_id is not null;
create index provision_runs_newest_idx on public.provision_runs (created_at desc, id desc);
create index provision_runs_tenant_newest_idx on public.provision_runs (tenant_id, created_at desc, id desc);
create index provision_runs_open_idx on public.provision_runs (tenant_id) where finished_at is null;

create table public.provision_steps (
  id uuid primary key default gen_random_uuid(),
  run_id uuid not null references public.provision_runs (id) on delete cascade,
  tenant_id uuid not null references public.tenants (id),
  vendor text not null,
  action text not null,
  state text not null default 'queued',
  attempts integer not null default 0,
  external_id text,
  -- Whether this very run made the resource: only then may it be undone by it.
  created boolean not null default false,
  -- What else at the vendor carries the tenant's id: reported, and left to a person.
  duplicates text[] not null default '{}',
  error_kind text,
  error_message text,
  remedy text,
  next_attempt_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),

  constraint provision_steps_run_vendor_key unique (run_id, vendor),
  constraint provision_steps_vendor_known check (vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase')),
  constraint provision_steps_action_known check (action in ('provision', 'disable', 'remove')),
  constraint provision_steps_state_known check (
    state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'unsupported', 'undone')
  ),
  constraint provision_steps_attempts_not_negative check (attempts >= 0),
  constraint provision_steps_external_id_length check (char_length(external_id) between 1 and 255),
  constraint provision_steps_error_kind_known check (
    error_kind in ('auth', 'forbidden', 'licence', 'not_found', 'conflict', 'validation', 'rate_limited',
      'unavailable', 'quota', 'unknown')
  ),
  constraint provision_steps_error_message_length check (char_length(error_message) <= 500),
  constraint provision_steps_remedy_shape check (remedy ~ '^[a-z][a-z0-9_]{0,63}$')
);

create index provision_steps_tenant_idx on public.provision_steps (tenant_id, vendor, updated_at desc);
-- The lock: one vendor of one tenant is worked on by one run at a time.
create unique index provision_steps_one_at_a_time_key on public.provision_steps (tenant_id, vendor)
  where state = 'running';

-- The workflows of a tenant that may be triggered.
create table public.n8n_webhooks (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  workflow text not null,
  path text not null,
  registered_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- When its workflow was removed at the vendor; it is not called any more.
  removed_at timestamptz,

  constraint n8n_webhooks_tenant_workflow_key unique (tenant_id, workflow),
  constraint n8n_webhooks_workflow_shape check (workflow ~ '^[a-z][a-z0-9-]{0,63}$'),
  -- One path below /webhook/, with nothing that leads elsewhere.
  constraint n8n_webhooks_path_shape check (path ~ '^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$' and char_length(path) <= 200),
  constraint n8n_webhooks_registered_by_length check (char_length(registered_by) between 1 and 255)
);

-- A webhook is one tenant's.
create unique index n8n_webhooks_path_key on public.n8n_webhooks (path) where removed_at is null;

-- Where what is recorded of a tenant and what its vendor has are apart, as the last comparison saw it.
create table public.provision_drift (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null,
  kind text not null,
  external_id text not null,
  -- As the vendor has it now; what it is called there is anybody's text.
  seen_name text,
  found_at timestamptz not null default now(),
  -- When they were seen to agree again.
  resolved_at timestamptz,

  constraint provision_drift_tenant_vendor_key unique (tenant_id, vendor),
  constraint provision_drift_vendor_known check (vendor in ('chatwoot', 'botpress', 'odoo', 'n8n', 'metabase')),
  constraint provision_drift_kind_known check (kind in ('missing', 'foreign', 'disabled', 'incomplete', 'renamed')),
  constraint provision_drift_external_id_length check (char_length(external_id) between 1 and 255),
  constraint provision_drift_seen_name_length check (char_length(seen_name) <= 255)
);

-- Processes that work on runs, and when they were last heard of.
create table public.workers (
  id text primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- When another worker took over what this one had left.
  recovered_at timestamptz,

  constraint workers_id_length check (char_length(id) between 1 and 200)
);

-- Until when somebody works on an event: if they die, another takes it up.
alter table public.events add column claimed_until timestamptz;
grant update (claimed_until) on public.events to service_role;

alter table public.provision_runs enable row level security;
alter table public.provision_runs force row level security;
alter table public.provision_steps enable row level security;
alter table public.provision_steps force row level security;
alter table public.n8n_webhooks enable row level security;
alter table public.n8n_webhooks force row level security;
alter table public.provision_drift enable row level security;
alter table public.provision_drift force row level security;
alter table public.workers enable row level security;
alter table public.workers force row level security;

create policy provision_runs_read_by_tenant on public.provision_runs for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.can('admin'))
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);
create policy provision_steps_read_by_tenant on public.provision_steps for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.can('admin'))
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);
create policy n8n_webhooks_read_by_tenant on public.n8n_webhooks for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.can('admin'))
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);
create policy provision_drift_read_by_tenant on public.provision_drift for select to authenticated
using (
  (select smarteros.can('read'))
  and (
    (select smarteros.can('admin'))
    or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
  )
);

revoke all on public.provision_runs, public.provision_steps, public.n8n_webhooks, public.provision_drift, public.workers
  from public, anon, authenticated, service_role;
grant select on public.provision_runs, public.provision_steps, public.n8n_webhooks, public.provision_drift
  to authenticated;
grant select, insert on public.provision_runs, public.provision_steps, public.n8n_webhooks, public.provision_drift,
  public.workers to service_role;
grant update (state, started_at, cancelled_at, finished_at) on public.provision_runs to service_role;
grant update (state, attempts, external_id, created, duplicates, error_kind, error_message, remedy, next_attempt_at, started_at,
  finished_at, updated_at) on public.provision_steps to service_role;
grant update (path, registered_by, updated_at, removed_at) on public.n8n_webhooks to service_role;
grant update (kind, external_id, seen_name, found_at, resolved_at) on public.provision_drift to service_role;
grant update (seen_at, recovered_at) on public.workers to service_role;

-- A run is over when all its steps are, and how it ended is how they did.
create function smarteros.settle_provision_run(p_run_id uuid) returns void
language sql volatile set search_path = ''
as $$
  update public.provision_runs run
  set state = steps.state, finished_at = case when steps.state not in ('queued', 'running') then now() end
  from (
    select case
        when bool_or(s.state in ('running', 'waiting')) then 'running'
        when bool_or(s.state = 'queued') then case when bool_and(s.state = 'queued') then 'queued' else 'running' end
        when r.cancelled_at is not null then 'cancelled'
        when not bool_or(s.state = 'failed') then 'succeeded'
        when bool_and(s.state = 'failed') then 'failed'
        else 'partial'
      end as state
    from public.provision_steps s join public.provision_runs r on r.id = s.run_id
    where s.run_id = p_run_id
    group by r.cancelled_at
  ) steps
  where run.id = p_run_id and run.state <> steps.state
$$;

-- Opens a run, or answers with the one that is open for the same steps, or that this event has opened already. No row:
-- no such tenant. `p_steps` is [{"vendor", "action"}].
create function public.open_provision_run(
  p_tenant_id uuid,
  p_steps jsonb,
  p_requested_by text,
  p_event_id bigint default null,
  p_request_id text default null
) returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
declare
  run public.provision_runs;
begin
  -- One at a time for a tenant, so that two who ask at the same moment get the same run.
  perform 1 from public.tenants t where t.id = p_tenant_id for no key update;
  if not found then
    return;
  end if;
  select r.* into run
  from public.provision_runs r
  where r.event_id = p_event_id
    or (
      p_event_id is null
      and r.tenant_id = p_tenant_id
      and r.finished_at is null
      and (
        select jsonb_agg(jsonb_build_array(s.vendor, s.action) order by s.vendor)
        from public.provision_steps s
        where s.run_id = r.id
      ) = (
        select jsonb_agg(jsonb_build_array(given ->> 'vendor', given ->> 'action') order by given ->> 'vendor')
        from jsonb_array_elements(p_steps) given
      )
    )
  order by r.created_at
  limit 1;
  if not found then
    insert into public.provision_runs (tenant_id, requested_by, event_id, request_id)
    values (p_tenant_id, p_requested_by, p_event_id, p_request_id)
    returning * into run;
    insert into public.provision_steps (run_id, tenant_id, vendor, action)
    select run.id, p_tenant_id, given ->> 'vendor', given ->> 'action'
    from jsonb_array_elements(p_steps) given;
  end if;
  return next run;
end
$$;

-- Takes the lock of a tenant's vendor and counts an attempt; 23505 while another run holds it. No row: nothing is left
-- to do.
create function public.begin_provision_step(p_run_id uuid, p_vendor text)
returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
begin
  update public.provision_steps s
  set state = 'running',
    attempts = s.attempts + 1,
    next_attempt_at = null,
    started_at = coalesce(s.started_at, now()),
    updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.state in ('queued', 'running', 'waiting')
  returning * into step;
  if not found then
    return;
  end if;
  update public.provision_runs r
  set state = 'running', started_at = coalesce(r.started_at, now())
  where r.id = p_run_id and r.state = 'queued';
  return next step;
end
$$;

-- Writes how a step stands, the tenant's external id and the webhooks that were made with it, and ends the run with its
-- last step. An id of an earlier attempt stays; an error leaves with success. `p_webhooks` is [{"workflow", "path"}]; what
-- a person registered is left as it is. No row: the step had ended already.
create function public.end_provision_step(
  p_run_id uuid,
  p_vendor text,
  p_state text,
  p_external_id text default null,
  p_created boolean default false,
  p_duplicates text[] default '{}',
  p_error_kind text default null,
  p_error_message text default null,
  p_remedy text default null,
  p_next_attempt_at timestamptz default null,
  p_webhooks jsonb default '[]'
) returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
  written text;
begin
  -- Taken first, so that of two last steps that end at once one sees the other.
  perform 1 from public.provision_runs r where r.id = p_run_id for no key update;
  update public.provision_steps s
  -- A cancelled run tries nothing again.
  set state = case
      when p_state = 'waiting'
        and exists (select from public.provision_runs r where r.id = p_run_id and r.cancelled_at is not null)
      then 'cancelled' else p_state
    end,
    external_id = coalesce(p_external_id, s.external_id),
    created = s.created or p_created,
    duplicates = p_duplicates,
    error_kind = p_error_kind,
    error_message = left(p_error_message, 500),
    remedy = p_remedy,
    next_attempt_at = p_next_attempt_at,
    updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.state in ('queued', 'running', 'waiting')
  returning * into step;
  if not found then
    return;
  end if;
  if step.state <> 'waiting' then
    update public.provision_steps s set finished_at = now() where s.id = step.id returning * into step;
  end if;
  if step.state = 'succeeded' and step.action in ('provision', 'remove') then
    written := case when step.action = 'provision' then step.external_id end;
    update public.tenants t
    set chatwoot_inbox_id = case p_vendor when 'chatwoot' then written::integer else t.chatwoot_inbox_id end,
      botpress_workspace_id = case p_vendor when 'botpress' then written else t.botpress_workspace_id end,
      odoo_company_id = case p_vendor when 'odoo' then written::integer else t.odoo_company_id end,
      n8n_project_id = case p_vendor when 'n8n' then written else t.n8n_project_id end,
      metabase_dashboard_id = case p_vendor when 'metabase' then written else t.metabase_dashboard_id end
    where t.id = step.tenant_id;
    insert into public.n8n_webhooks (tenant_id, workflow, path, registered_by)
    select step.tenant_id, made ->> 'workflow', made ->> 'path', 'system'
    from jsonb_array_elements(p_webhooks) made
    on conflict (tenant_id, workflow) do update
      set path = excluded.path, updated_at = now(), removed_at = null
      where n8n_webhooks.registered_by = 'system';
  end if;
  if step.state in ('succeeded', 'unsupported') then
    update public.provision_drift d set resolved_at = now()
    where d.tenant_id = step.tenant_id and d.vendor = step.vendor and d.resolved_at is null;
  end if;
  if step.state = 'succeeded' and step.action = 'remove' and step.vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = step.tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return next step;
end
$$;

-- Ends what is not under way of a run; what is goes on to its end, so that nobody loses sight of what it makes. No row: no
-- such run, or it is over.
create function public.cancel_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  update public.provision_runs r
  set cancelled_at = coalesce(r.cancelled_at, now())
  where r.id = p_run_id and r.finished_at is null;
  if not found then
    return;
  end if;
  update public.provision_steps s
  set state = 'cancelled', next_attempt_at = null, finished_at = now(), updated_at = now()
  where s.run_id = p_run_id and s.state in ('queued', 'waiting');
  perform smarteros.settle_provision_run(p_run_id);
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

-- Puts what failed of a run in line again; what succeeded stays. No row: no such run, or nothing of it failed.
create function public.retry_provision_run(p_run_id uuid)
returns setof public.provision_runs
language plpgsql volatile set search_path = ''
as $$
begin
  perform 1 from public.provision_runs r where r.id = p_run_id for no key update;
  update public.provision_steps s
  set state = 'queued', next_attempt_at = null, finished_at = null, updated_at = now()
  where s.run_id = p_run_id and s.state = 'failed';
  if not found then
    return;
  end if;
  perform smarteros.settle_provision_run(p_run_id);
  return query select r.* from public.provision_runs r where r.id = p_run_id;
end
$$;

-- Says that what a cancelled run had made is gone again, and takes its id from the tenant. No row: the run had made
-- nothing there.
create function public.undo_provision_step(p_run_id uuid, p_vendor text)
returns setof public.provision_steps
language plpgsql volatile set search_path = ''
as $$
declare
  step public.provision_steps;
begin
  update public.provision_steps s
  set state = 'undone', updated_at = now()
  where s.run_id = p_run_id and s.vendor = p_vendor and s.created and s.state = 'succeeded'
  returning * into step;
  if not found then
    return;
  end if;
  update public.tenants t
  set chatwoot_inbox_id = case p_vendor when 'chatwoot' then null else t.chatwoot_inbox_id end,
    botpress_workspace_id = case p_vendor when 'botpress' then null else t.botpress_workspace_id end,
    odoo_company_id = case p_vendor when 'odoo' then null else t.odoo_company_id end,
    n8n_project_id = case p_vendor when 'n8n' then null else t.n8n_project_id end,
    metabase_dashboard_id = case p_vendor when 'metabase' then null else t.metabase_dashboard_id end
  where t.id = step.tenant_id;
  if p_vendor = 'n8n' then
    update public.n8n_webhooks w set removed_at = now()
    where w.tenant_id = step.tenant_id and w.registered_by = 'system' and w.removed_at is null;
  end if;
  return next step;
end
$$;

-- Writes what a comparison of the vendors named in `p_checked` found: what is apart stands, since when it was first seen
-- so, and what is not is resolved. `p_found` is [{"vendor", "kind", "external_id", "seen_name"}].
create function public.note_provision_drift(p_tenant_id uuid, p_checked text[], p_found jsonb)
returns setof public.provision_drift
language plpgsql volatile set search_path = ''
as $$
begin
  update public.provision_drift d
  set resolved_at = now()
  where d.tenant_id = p_tenant_id
    and d.resolved_at is null
    and d.vendor = any (p_checked)
    and d.vendor not in (select apart ->> 'vendor' from jsonb_array_elements(p_found) apart);
  return query
    insert into public.provision_drift as d (tenant_id, vendor, kind, external_id, seen_name)
    select p_tenant_id, apart ->> 'vendor', apart ->> 'kind', apart ->> 'external_id', left(apart ->> 'seen_name', 255)
    from jsonb_array_elements(p_found) apart
    on conflict (tenant_id, vendor) do update
      set kind = excluded.kind,
        external_id = excluded.external_id,
        seen_name = excluded.seen_name,
        found_at = case when d.kind = excluded.kind and d.resolved_at is null then d.found_at else now() end,
        resolved_at = null
    returning d.*;
end
$$;

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
    when step.state = 'failed' and (service.wanted or service.external_id is not null) then 'failed'
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
  coalesce(step.updated_at, t.created_at) as updated_at
from public.tenants t
cross join lateral (
  values
    ('chatwoot', t.active and (t.services_enabled ->> 'crm')::boolean, t.chatwoot_inbox_id::text),
    ('botpress', t.active and (t.services_enabled ->> 'bot')::boolean, t.botpress_workspace_id),
    ('odoo', t.active and (t.services_enabled ->> 'erp')::boolean, t.odoo_company_id::text),
    ('n8n', t.active and (t.services_enabled ->> 'workflows')::boolean, t.n8n_project_id),
    ('metabase', t.active and (t.services_enabled ->> 'kpi')::boolean, t.metabase_dashboard_id)
) as service (vendor, wanted, external_id)
left join lateral (
  select s.*
  from public.provision_steps s
  where s.tenant_id = t.id and s.vendor = service.vendor and s.state not in ('skipped', 'cancelled')
  order by s.finished_at is null desc, s.updated_at desc
  limit 1
) step on true
left join public.provision_drift drift
  on drift.tenant_id = t.id and drift.vendor = service.vendor and drift.resolved_at is null;

revoke all on public.tenant_services from public, anon, authenticated, service_role;
grant select on public.tenant_services to authenticated, service_role;

-- Takes events that nobody works on, oldest first, and counts an attempt for each. After five it is left alone.
create function public.claim_events(p_limit integer default 20, p_lease interval default '30 seconds')
returns setof public.events
language sql volatile set search_path = ''
as $$
  update public.events e
  set attempts = e.attempts + 1, claimed_until = now() + p_lease
  from (
    select candidate.id
    from public.events candidate
    where candidate.processed_at is null
      and candidate.attempts < 5
      and (candidate.claimed_until is null or candidate.claimed_until < now())
    order by candidate.id
    limit least(greatest(p_limit, 1), 1000)
    for update skip locked
  ) claimed
  where e.id = claimed.id
  returning e.*
$$;

revoke all on function smarteros.settle_provision_run(uuid),
  public.open_provision_run(uuid, jsonb, text, bigint, text), public.begin_provision_step(uuid, text),
  public.end_provision_step(uuid, text, text, text, boolean, text[], text, text, text, timestamptz, jsonb),
  public.cancel_provision_run(uuid), public.undo_provision_step(uuid, text), public.retry_provision_run(uuid),
  public.note_provision_drift(uuid, text[], jsonb), public.claim_events(integer, interval)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.settle_provision_run(uuid),
  public.open_provision_run(uuid, jsonb, text, bigint, text), public.begin_provision_step(uuid, text),
  public.end_provision_step(uuid, text, text, text, boolean, text[], text, text, text, timestamptz, jsonb),
  public.cancel_provision_run(uuid), public.undo_provision_step(uuid, text), public.retry_provision_run(uuid),
  public.note_provision_drift(uuid, text[], jsonb), public.claim_events(integer, interval)
  to service_role;
