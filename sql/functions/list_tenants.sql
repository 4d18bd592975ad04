-- Two branches, because `p_owner is null or clerk_user_id = p_owner` hides the index from a plan that does not know
-- the arguments, as PostgREST's do not. The branch that does not apply is never run.
create or replace function public.list_tenants(
  p_limit integer default 50,
  p_before timestamptz default null,
  p_before_id uuid default null,
  p_include_inactive boolean default false,
  p_search text default null,
  p_owner text default null
) returns setof public.tenants
language sql stable security invoker
as $$
  select page.*
  from (
    (
      select t.*
      from public.tenants t
      where t.clerk_user_id = (
          select coalesce(p_owner, case when not smarteros.sees_all_tenants() then smarteros.subject() end)
        )
        and (t.created_at, t.id)
          < (coalesce(p_before, 'infinity'), coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'))
        and (p_include_inactive or t.active)
        and (p_search is null or smarteros.tenant_matches(t.business_name, t.rut, p_search))
      order by t.created_at desc, t.id desc
      limit least(greatest(coalesce(p_limit, 50), 1), 200)
    )
    union all
    (
      select t.*
      from public.tenants t
      where p_owner is null
        and (select smarteros.sees_all_tenants())
        and (t.created_at, t.id)
          < (coalesce(p_before, 'infinity'), coalesce(p_before_id, '00000000-0000-0000-0000-000000000000'))
        and (p_include_inactive or t.active)
        and (p_search is null or smarteros.tenant_matches(t.business_name, t.rut, p_search))
      order by t.created_at desc, t.id desc
      limit least(greatest(coalesce(p_limit, 50), 1), 200)
    )
  ) page
  order by page.created_at desc, page.id desc
$$;

revoke all on function public.list_tenants(integer, timestamptz, uuid, boolean, text, text)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.list_tenants(integer, timestamptz, uuid, boolean, text, text) to authenticated;
