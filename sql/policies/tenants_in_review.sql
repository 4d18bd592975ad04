alter table public.tenants_in_review enable row level security;
alter table public.tenants_in_review force row level security;

create policy tenants_in_review_read_own_or_all on public.tenants_in_review for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

create policy tenants_in_review_resolve_own_or_all on public.tenants_in_review for delete to smarteros_fn
using (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

revoke all on public.tenants_in_review from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.tenants_in_review to authenticated, service_role, smarteros_fn;
grant delete on public.tenants_in_review to smarteros_fn;
