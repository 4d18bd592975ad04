alter table public.task_lines enable row level security;
alter table public.task_lines force row level security;

revoke all on public.task_lines from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert, delete on public.task_lines to service_role;
grant update (waiting, head_due_at) on public.task_lines to service_role;
