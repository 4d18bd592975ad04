-- What a comparison of a tenant's services with their vendors may find, and a failure to undo what a cancelled run created.
alter table public.provision_steps
  drop constraint provision_steps_state_known,
  add constraint provision_steps_state_known check (
    state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'skipped', 'unsupported', 'undone',
      'undo_failed')
  );
create index provision_steps_undo_failed_idx on public.provision_steps (tenant_id, vendor) where state = 'undo_failed';
-- What a filter for many runs looks through.
create index provision_steps_unfinished_idx on public.provision_steps (vendor, updated_at)
  where state in ('queued', 'running', 'waiting', 'failed', 'undo_failed');

alter table public.provision_drift
  drop constraint provision_drift_kind_known,
  add constraint provision_drift_kind_known check (
    kind in ('missing', 'foreign', 'disabled', 'incomplete', 'renamed', 'duplicate', 'unwanted', 'half_made', 'not_undone',
      'unrecorded')
  ),
  alter column external_id drop not null;

-- When what a tenant has at a vendor was last compared with its record.
create table public.provision_comparisons (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  compared_at timestamptz not null default clock_timestamp(),

  constraint provision_comparisons_tenant_vendor_key unique (tenant_id, vendor)
);

-- Events that failed too often to be tried again without a person or a comparison.
create index tenant_events_exhausted_idx on public.tenant_events (tenant_id) where processed_at is null and attempts >= 5;

-- Replaced by functions with further parameters, and by begin_step.
drop function if exists smarteros.retry_run(uuid, text);
drop function if exists smarteros.cancel_run(uuid);
drop function if exists public.start_provision_run(uuid);

insert into smarteros.known_tools (name) values ('services.reconcile') on conflict (name) do nothing;
