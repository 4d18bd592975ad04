-- Open requests of one user, and what workflows returned that no one has taken.
create index tasks_open_requests_idx on public.tasks (requested_by)
  where queue = 'requests' and state in ('scheduled', 'queued', 'running');
create index tasks_untaken_idx on public.tasks (finished_at)
  where queue = 'requests' and kind = 'trigger' and (result is not null or error ? 'message');
create index tasks_health_idx on public.tasks (finished_at)
  where queue = 'requests' and kind = 'health' and state = 'succeeded';
