alter table public.task_lines enable row level security;
alter table public.task_lines force row level security;

-- Those of the own key and, for tenants of another owner before, of the key that their tasks have.
create policy task_lines_change_by_tenant on public.task_lines for all to smarteros_fn
using (
  (select smarteros.can('write'))
  and (
    (select smarteros.sees_all_tenants())
    or fair_key = (select smarteros.subject())
    or (queue, fair_key) in (
      select t.queue, t.fair_key from public.tasks t
      where t.tenant_id in (select o.id from public.tenants o where o.clerk_user_id = (select smarteros.subject()))
    )
  )
);

revoke all on public.task_lines from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert, delete on public.task_lines to service_role;
grant update (waiting, head_due_at) on public.task_lines to service_role;
grant select, delete on public.task_lines to smarteros_fn;
grant update (waiting, head_due_at) on public.task_lines to smarteros_fn;
