-- Work that is done later, by any worker that has the queue. The row of a task alone decides its state, its attempts and
-- its next time.
create table public.task_queues (
  name text primary key,
  -- While set, nothing of the queue is claimed.
  paused_at timestamptz,
  -- Caps on concurrent tasks; null is no cap.
  max_running integer not null default 10,
  max_per_key integer,
  max_per_tenant integer,
  max_per_worker integer,
  lease interval not null default '60 seconds',
  -- How much later a task is due for each task of its key that is open already.
  slice interval not null default '2 seconds',
  -- The circuit breaker opens after so many failures in a row that its handler blames on the other side.
  breaker_failures integer not null default 5,
  breaker_pause interval not null default '30 seconds',
  failures integer not null default 0,
  open_until timestamptz,
  -- Tasks claimed so far; each fourth is chosen by priority.
  claimed bigint not null default 0,
  created_at timestamptz not null default now(),

  constraint task_queues_name_shape check (name ~ '^[a-z][a-z0-9_.-]{0,62}$'),
  constraint task_queues_caps_positive check (max_running > 0 and max_per_key > 0 and max_per_tenant > 0 and max_per_worker > 0),
  constraint task_queues_lease_range check (lease between interval '1 second' and interval '1 day'),
  constraint task_queues_slice_range check (slice between interval '0' and interval '1 hour'),
  constraint task_queues_breaker_positive check (breaker_failures > 0 and breaker_pause > interval '0')
);

create table public.tasks (
  id uuid primary key default gen_random_uuid(),
  queue text not null references public.task_queues (name),
  kind text not null,
  tenant_id uuid references public.tenants (id),
  -- Keys share a queue fairly: the owner of the tenant, else the requester.
  fair_key text not null,
  -- 0 urgent, 1 high, 2 normal, 3 low.
  priority smallint not null default 2,
  payload jsonb not null default '{}',
  state text not null default 'scheduled',
  -- Not before; for a failed attempt the time of the next one.
  run_at timestamptz not null default now(),
  -- Place in the queue, written whenever the task enters it.
  due_at timestamptz,
  deadline_at timestamptz,
  attempts smallint not null default 0,
  max_attempts smallint not null default 5,
  -- One claim is one attempt and one token, which every write of the worker has to show.
  claim uuid,
  claimed_by text,
  claimed_at timestamptz,
  lease_until timestamptz,
  cancel_requested_at timestamptz,
  dedupe_key text,
  progress jsonb,
  result jsonb,
  error jsonb,
  parent_id uuid,
  requested_by text not null,
  traceparent text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  constraint tasks_kind_shape check (kind ~ '^[a-z][A-Za-z0-9_.-]{0,62}$'),
  constraint tasks_fair_key_length check (char_length(fair_key) between 1 and 255),
  constraint tasks_priority_known check (priority between 0 and 3),
  constraint tasks_state_known
    check (state in ('scheduled', 'queued', 'running', 'succeeded', 'dead', 'cancelled', 'expired')),
  constraint tasks_due_when_queued check ((due_at is not null) or state <> 'queued'),
  constraint tasks_leased_when_running check ((lease_until is not null) = (state = 'running')),
  constraint tasks_finished_when_over
    check ((finished_at is not null) = (state in ('succeeded', 'dead', 'cancelled', 'expired'))),
  constraint tasks_attempts_range check (attempts >= 0 and max_attempts between 1 and 100),
  constraint tasks_dedupe_key_length check (char_length(dedupe_key) between 1 and 255),
  constraint tasks_requested_by_length check (char_length(requested_by) between 1 and 255),
  constraint tasks_claimed_by_length check (char_length(claimed_by) between 1 and 200),
  constraint tasks_traceparent_shape check (traceparent ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'),
  constraint tasks_payload_size check (pg_column_size(payload) <= 262144)
);

create unique index tasks_dedupe_key on public.tasks (queue, dedupe_key)
  where dedupe_key is not null and state in ('scheduled', 'queued', 'running');
create index tasks_line_idx on public.tasks (queue, fair_key, priority, due_at, id) where state = 'queued';
create index tasks_scheduled_idx on public.tasks (queue, run_at) where state = 'scheduled';
create index tasks_running_idx on public.tasks (queue, fair_key) where state = 'running';
create index tasks_lease_idx on public.tasks (queue, lease_until) where state = 'running';
create index tasks_deadline_idx on public.tasks (queue, deadline_at)
  where deadline_at is not null and state in ('scheduled', 'queued');
create index tasks_tenant_newest_idx on public.tasks (tenant_id, created_at desc, id desc) where tenant_id is not null;
create index tasks_finished_idx on public.tasks (finished_at) where finished_at is not null;

-- The line of each key and priority in a queue: how many of its tasks wait, and when the first is due. With it a claim
-- looks at as many rows as it takes, however many tasks wait and which keys have reached a cap.
create table public.task_lines (
  queue text not null references public.task_queues (name),
  fair_key text not null,
  priority smallint not null,
  waiting integer not null,
  head_due_at timestamptz not null,

  primary key (queue, fair_key, priority),
  constraint task_lines_waiting_positive check (waiting > 0)
);
create index task_lines_due_idx on public.task_lines (queue, head_due_at);
create index task_lines_priority_idx on public.task_lines (queue, priority, head_due_at);
