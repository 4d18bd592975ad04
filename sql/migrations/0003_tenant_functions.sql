-- Decomposed before it is folded, so that it also works where the database's locale is C and lower() knows only ASCII.
create function smarteros.folded(p_text text) returns text
language sql immutable parallel safe
as $$ select lower(regexp_replace(normalize(p_text, NFD), '[\u0300-\u036f]', '', 'g')) $$;

-- strpos and not like: what a person types holds no wildcards. Only in a RUT are dots, dashes and blanks nothing.
create function smarteros.tenant_matches(p_business_name text, p_rut text, p_search text) returns boolean
language sql immutable parallel safe
as $$
  select strpos(smarteros.folded(p_business_name), smarteros.folded(smarteros.trimmed(p_search))) > 0
    or coalesce(
      strpos(replace(p_rut, '-', ''), nullif(upper(regexp_replace(p_search, '[.\s-]', '', 'g')), '')) > 0,
      false
    )
$$;

-- Two branches, because `p_owner is null or clerk_user_id = p_owner` hides the index from a plan that does not know
-- the arguments, as PostgREST's do not. The branch that does not apply is never run.
create function public.list_tenants(
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
          select coalesce(p_owner, case when not smarteros.can('admin') then smarteros.subject() end)
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
        and (select smarteros.can('admin'))
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

create function public.create_tenant(p_rut text, p_business_name text, p_services jsonb default '{}')
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  return query
    insert into public.tenants (rut, business_name, clerk_user_id, services_enabled)
    values (
      p_rut,
      smarteros.trimmed(p_business_name),
      smarteros.subject(),
      '{"crm": false, "bot": false, "erp": false, "workflows": false, "kpi": false}' || coalesce(p_services, '{}')
    )
    returning *;
end
$$;

-- One statement, so that two merges at the same moment both hold. A tenant of someone else is not there.
create function public.merge_services(p_id uuid, p_services jsonb)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
declare
  merged public.tenants;
begin
  perform smarteros.require('write');
  update public.tenants t
  set services_enabled = t.services_enabled || coalesce(p_services, '{}')
  where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.can('admin'))
  returning t.* into merged;
  if not found then
    return;
  end if;
  if not merged.active then
    raise exception 'tenant_deleted'
      using errcode = 'P0001', detail = 'The tenant is deleted; its services cannot change.', hint = 'Restore it first.';
  end if;
  return next merged;
end
$$;

-- Deletes (softly) and restores. Asked twice it changes nothing the second time and answers with the row as it is.
create function public.set_tenant_active(p_id uuid, p_active boolean)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_active is null then
    raise exception 'p_active must be true or false'
      using errcode = '23514', constraint = 'set_tenant_active_given', schema = 'public', table = 'tenants';
  end if;
  update public.tenants t
  set active = p_active, deleted_at = case when not p_active then now() end
  where t.id = p_id
    and t.active <> p_active
    and (t.clerk_user_id = smarteros.subject() or smarteros.can('admin'));
  return query
    select t.*
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.can('admin'));
end
$$;

revoke all on function smarteros.folded(text), smarteros.tenant_matches(text, text, text),
  public.list_tenants(integer, timestamptz, uuid, boolean, text, text), public.create_tenant(text, text, jsonb),
  public.merge_services(uuid, jsonb), public.set_tenant_active(uuid, boolean)
  from public, anon, authenticated, service_role;
grant execute on function smarteros.trimmed(text), smarteros.folded(text), smarteros.tenant_matches(text, text, text),
  public.list_tenants(integer, timestamptz, uuid, boolean, text, text), public.create_tenant(text, text, jsonb),
  public.merge_services(uuid, jsonb), public.set_tenant_active(uuid, boolean)
  to authenticated;

-- A new owner must be able to create in the schema at the moment of the change, and only then. Grants come first:
-- afterwards the functions belong to smarteros_fn.
grant create on schema public to smarteros_fn;
alter function public.create_tenant(text, text, jsonb) owner to smarteros_fn;
alter function public.merge_services(uuid, jsonb) owner to smarteros_fn;
alter function public.set_tenant_active(uuid, boolean) owner to smarteros_fn;
revoke create on schema public from smarteros_fn;
