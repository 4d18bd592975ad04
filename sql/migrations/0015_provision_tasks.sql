-- Steps of runs are tasks of a queue for each vendor. The row of the task decides the state of its step, which
-- smarteros.follow_task writes in the transaction of the task.
alter table public.task_queues
  add column max_attempts smallint not null default 5,
  -- Pause after the first failure, which doubles with each, and the longest one.
  add column retry_pause interval not null default '2 seconds',
  add column max_retry_pause interval not null default '1 hour',
  add constraint task_queues_attempts_range check (max_attempts between 1 and 100),
  add constraint task_queues_pauses_range check (retry_pause > interval '0' and max_retry_pause >= retry_pause);

alter table public.provision_steps add column task_id uuid references public.tasks (id) on delete set null;
create unique index provision_steps_task_key on public.provision_steps (task_id) where task_id is not null;
-- The queue of a vendor runs one task of a tenant at a time.
drop index public.provision_steps_one_at_a_time_key;

-- A creation at a vendor that was sent or may have been. It ends by evidence; while it is open, nothing else is created for
-- the tenant at the vendor.
create table public.provision_intents (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  -- The attempt that sent it.
  task_id uuid references public.tasks (id) on delete set null,
  -- When a request was last about to be sent.
  opened_at timestamptz not null default clock_timestamp(),
  -- Complete searches in a row since then that found nothing, and when the last of them was counted.
  empty_searches integer not null default 0,
  searched_at timestamptz,
  -- The vendor's list did not show what the vendor had confirmed: searches cannot settle this.
  doubtful boolean not null default false,
  settled_at timestamptz,
  settled_as text,
  -- The user who decided it, where no evidence did.
  settled_by text,

  constraint provision_intents_settled_as_known check (settled_as in ('created', 'refused', 'found', 'absent', 'person')),
  constraint provision_intents_settled_whole check ((settled_at is null) = (settled_as is null)),
  constraint provision_intents_settled_by_length check (char_length(settled_by) between 1 and 255)
);
create unique index provision_intents_open_key on public.provision_intents (tenant_id, vendor) where settled_at is null;
create index provision_intents_task_idx on public.provision_intents (task_id) where task_id is not null;

-- The lease of a task takes the place of taking over from a silent worker.
alter table public.provision_workers drop column recovered_at;

insert into public.task_queues (name, max_running, max_per_tenant, lease, max_retry_pause)
select v.vendor, 8, 1, interval '20 seconds', interval '2 minutes' from public.provision_vendors v
on conflict (name) do nothing;
-- Work whose requester waits for the result: nothing of it is tried again later.
insert into public.task_queues (name, max_running, max_attempts, lease)
values ('requests', 32, 1, interval '20 seconds')
on conflict (name) do nothing;

-- Open steps of the engine before go on as tasks. A step that was running may have reached its vendor.
do $$
declare
  step record;
  task uuid;
begin
  for step in
    select s.*, r.requested_by, t.clerk_user_id
    from public.provision_steps s
    join public.provision_runs r on r.id = s.run_id
    join public.tenants t on t.id = s.tenant_id
    where s.state in ('queued', 'running', 'waiting')
    order by s.updated_at
  loop
    insert into public.tasks (queue, kind, tenant_id, fair_key, payload, requested_by)
    values (step.vendor, step.action, step.tenant_id, step.clerk_user_id, jsonb_build_object('run_id', step.run_id),
      step.requested_by)
    returning id into task;
    update public.provision_steps s set task_id = task, state = 'queued' where s.id = step.id;
    if step.state = 'running' and step.action = 'provision' then
      insert into public.provision_intents (tenant_id, vendor, task_id) values (step.tenant_id, step.vendor, task);
    end if;
  end loop;
end
$$;

drop function if exists public.begin_provision_step(uuid, text);
drop function if exists public.end_provision_step(uuid, text, text, text, boolean, text[], text, text, text, timestamptz, jsonb);
drop function if exists public.undo_provision_step(uuid, text);
drop function if exists public.open_provision_run(uuid, jsonb, text, bigint, text);
