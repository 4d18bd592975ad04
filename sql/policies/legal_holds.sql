alter table public.legal_holds enable row level security;
alter table public.legal_holds force row level security;

create policy legal_holds_read_audit on public.legal_holds for select to authenticated
using ((select smarteros.can('audit')));

revoke all on public.legal_holds from public, anon, authenticated, service_role, smarteros_fn;
grant select on public.legal_holds to authenticated;
grant select, insert on public.legal_holds to service_role;
grant update (released_at) on public.legal_holds to service_role;
