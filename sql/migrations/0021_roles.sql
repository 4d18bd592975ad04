-- Who may do what, and for whom: a default role, roles of other names, support, and how many tenants one owner may have.

-- Stores the settings that SQL enforces beside the hosts: default_role (operator or none), role_map (names of roles elsewhere
-- to ours) and max_tenants_per_owner. A name that is left out stays as it is. For the owner of the database and for hosts
-- with the service role. Raises 23514, with the constraint settings_<name>, for a value that is not one of it.
create function public.configure(p_settings jsonb) returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  given record;
begin
  if jsonb_typeof(p_settings) is distinct from 'object' then
    raise exception 'p_settings must be an object' using errcode = '23514', constraint = 'settings_object';
  end if;
  for given in select e.key, e.value from jsonb_each(p_settings) e loop
    if not coalesce(case given.key
      when 'default_role' then given.value in ('"operator"', '"none"')
      when 'max_tenants_per_owner' then jsonb_typeof(given.value) = 'number' and given.value between '1' and '100000'
      when 'role_map' then jsonb_typeof(given.value) = 'object' and not exists (
        select from jsonb_each(case jsonb_typeof(given.value) when 'object' then given.value else '{}' end) r
        where r.value not in ('"viewer"', '"operator"', '"auditor"', '"support"', '"admin"')
          or r.key in ('viewer', 'operator', 'auditor', 'support', 'admin') or char_length(r.key) not between 1 and 100
      )
      else false
    end, false) then
      raise exception 'setting % has no such value', given.key using errcode = '23514', constraint = 'settings_' || given.key;
    end if;
  end loop;
  insert into smarteros.settings as s (name, value)
  select e.key, e.value from jsonb_each(p_settings) e order by 1
  on conflict (name) do update set value = excluded.value, updated_at = now() where s.value <> excluded.value;
end
$$;

-- Null means: no rights at all. Only an absent role has a default; one that is not understood never does, unless the setting
-- role_map names it. The same rule stands in @smarteros/core as `principalFromClaims`.
create or replace function smarteros.role_of_claims() returns text
language plpgsql stable set search_path = ''
as $$
declare
  metadata constant jsonb := coalesce(smarteros.claims() -> 'metadata', 'null');
  given jsonb;
begin
  if smarteros.subject() is null or jsonb_typeof(metadata) not in ('object', 'null') then
    return null;
  end if;
  given := coalesce(metadata -> 'role', 'null');
  return case
    when given = 'null' then nullif(coalesce(smarteros.setting('default_role') #>> '{}', 'operator'), 'none')
    when given in ('"viewer"', '"operator"', '"auditor"', '"support"', '"admin"') then given #>> '{}'
    when jsonb_typeof(given) = 'string' then smarteros.setting('role_map') ->> (given #>> '{}')
  end;
end
$$;

create or replace function smarteros.can(p_capability text) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(
    p_capability = any (
      case smarteros.role_of_claims()
        when 'viewer' then '{read}'
        when 'operator' then '{read,write}'
        when 'auditor' then '{read,audit}'
        when 'support' then '{read,write}'
        when 'admin' then '{read,write,audit,admin}'
      end::text[]
    ),
    false
  );
end
$$;

-- True where the current user sees and changes the tenants of every owner.
create function smarteros.sees_all_tenants() returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(smarteros.role_of_claims() in ('support', 'admin'), false);
end
$$;
revoke all on function smarteros.sees_all_tenants() from public, anon, authenticated, service_role;
grant execute on function smarteros.sees_all_tenants() to authenticated, smarteros_fn;

drop policy tenants_read_own_or_admin on public.tenants;
create policy tenants_read_own_or_all on public.tenants for select to authenticated, smarteros_fn
using (
  (select smarteros.can('read'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);

drop policy tenants_change_own_or_admin on public.tenants;
create policy tenants_change_own_or_all on public.tenants for update to smarteros_fn
using (
  (select smarteros.can('write'))
  and (clerk_user_id = (select smarteros.subject()) or (select smarteros.sees_all_tenants()))
);
grant update (clerk_user_id) on public.tenants to smarteros_fn;

do $$
declare
  name text;
begin
  foreach name in array '{events,provision_runs,provision_steps,n8n_webhooks,provision_drift}'::text[] loop
    execute format('drop policy %I on public.%I', name || '_read_by_tenant', name);
    execute format(
      'create policy %I on public.%I for select to authenticated
       using (
         (select smarteros.can(''read''))
         and (
           (select smarteros.sees_all_tenants())
           or tenant_id in (select t.id from public.tenants t where t.clerk_user_id = (select smarteros.subject()))
         )
       )', name || '_read_by_tenant', name
    );
  end loop;
end
$$;

-- Raises P0001 `quota_exceeded` where the current user has as many tenants as one owner may: active ones and those deleted in
-- the last 30 days, so that creating and deleting in turn spends no more at the vendors. Administrators have no limit.
create function smarteros.require_tenant_quota() returns void
language plpgsql volatile set search_path = ''
as $$
declare
  owner constant text := smarteros.subject();
  at_most constant integer := coalesce((smarteros.setting('max_tenants_per_owner'))::integer, 20);
begin
  if smarteros.can('admin') then
    return;
  end if;
  -- One at a time for an owner, so that many at once do not all see room for one more.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.tenant_quota:' || owner, 0));
  if (
    select count(*) from (
      select from public.tenants t
      where t.clerk_user_id = owner and (t.active or t.deleted_at > now() - interval '30 days')
      limit at_most
    ) counted
  ) >= at_most then
    raise exception 'quota_exceeded'
      using errcode = 'P0001', detail = at_most::text, hint = 'MAX_TENANTS_PER_OWNER';
  end if;
end
$$;
revoke all on function smarteros.require_tenant_quota() from public, anon, authenticated, service_role;
grant execute on function smarteros.require_tenant_quota() to smarteros_fn;

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

drop function public.create_tenant(text, text, jsonb);
drop function public.merge_services(uuid, jsonb);
drop function public.set_tenant_active(uuid, boolean, boolean);

-- Creates a tenant of the current user. Raises 23505 for a RUT that the owner has already, 23514 for a value that a rule
-- refuses, P0001 `quota_exceeded` over the number of tenants that one owner may have.
create function public.create_tenant(p_rut text, p_business_name text, p_services jsonb default '{}')
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  perform smarteros.require_tenant_quota();
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
  where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants())
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
create function public.set_tenant_active(p_id uuid, p_active boolean, p_deprovision boolean default false)
returns setof public.tenants
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('write');
  if p_active is null then
    raise exception 'p_active must be true or false'
      using errcode = '23514', constraint = 'set_tenant_active_given', schema = 'public', table = 'tenants';
  end if;
  -- A tenant that was deleted within 30 days counts all along.
  if p_active and exists (
    select from public.tenants t
    where t.id = p_id and t.clerk_user_id = smarteros.subject() and t.deleted_at <= now() - interval '30 days'
  ) then
    perform smarteros.require_tenant_quota();
  end if;
  update public.tenants t
  set active = p_active, deleted_at = case when not p_active then now() end
  where t.id = p_id
    and t.active <> p_active
    and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  if p_deprovision and not p_active then
    insert into public.events (type, tenant_id, payload)
    select 'tenant.deprovision_requested', t.id, jsonb_build_object('actor', smarteros.subject())
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
  end if;
  return query
    select t.*
    from public.tenants t
    where t.id = p_id and (t.clerk_user_id = smarteros.subject() or smarteros.sees_all_tenants());
end
$$;

-- Gives tenants of one owner to another: those of p_tenant_ids, or all of p_from's where it is null, 500 at most a call in
-- the order of their ids. Needs `admin`. Changes nothing with p_dry_run. A tenant whose RUT the new owner has active already
-- stays, as a conflict. Each that is handed over has a row in mcp_invocations and an event. Returns {"handedOver", "conflicts",
-- "notFound", "more"}, lists of ids but for `more`. Raises 23514 for an owner that is none.
create function public.hand_over_tenants(p_from text, p_to text, p_tenant_ids uuid[] default null, p_dry_run boolean default true)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  at_most constant integer := 500;
  found_ids uuid[];
  conflicts uuid[];
  handed uuid[];
begin
  perform smarteros.require('admin');
  if coalesce(btrim(p_from), '') = '' or coalesce(btrim(p_to), '') = '' or p_from = p_to or char_length(p_to) > 255 then
    raise exception 'p_from and p_to must be two user ids' using errcode = '23514', constraint = 'hand_over_owners';
  end if;
  if cardinality(p_tenant_ids) > at_most then
    raise exception 'at most % tenants at a time', at_most using errcode = '23514', constraint = 'hand_over_at_most';
  end if;
  -- Both owners' locks in one order, so that no tenant is created between the look and the change.
  perform pg_advisory_xact_lock(hashtextextended('smarteros.tenant_quota:' || o, 0)) from unnest(array[p_from, p_to]) o order by o;
  found_ids := array(
    select t.id from public.tenants t
    where t.clerk_user_id = p_from and (p_tenant_ids is null or t.id = any (p_tenant_ids))
      -- Of all tenants those that stay behind are left out, so that the next call comes to others.
      and (p_tenant_ids is not null or not t.active or not exists (
        select from public.tenants twin where twin.clerk_user_id = p_to and twin.rut = t.rut and twin.active))
    order by t.id limit at_most
  );
  conflicts := array(
    select t.id from public.tenants t
    where t.clerk_user_id = p_from and t.active and (p_tenant_ids is null or t.id = any (p_tenant_ids))
      and exists (
        select from public.tenants twin where twin.clerk_user_id = p_to and twin.rut = t.rut and twin.active)
    order by t.id limit at_most
  );
  handed := array(select f from unnest(found_ids) f where not f = any (conflicts) order by 1);
  if not p_dry_run then
    update public.tenants t set clerk_user_id = p_to where t.id = any (handed);
    insert into public.events (type, tenant_id, payload)
    select 'tenant.handed_over', h, jsonb_build_object('actor', smarteros.subject(), 'from', p_from, 'to', p_to)
    from unnest(handed) h;
    insert into public.mcp_invocations (id, user_id, tool, args, result, duration_ms, tenant_id, code)
    select gen_random_uuid(), smarteros.subject(), 'tenants.handOver',
      jsonb_build_object('from', p_from, 'to', p_to)::text, '{}', 0, h, 'ok'
    from unnest(handed) h;
  end if;
  return jsonb_build_object(
    'handedOver', to_jsonb(handed),
    'conflicts', to_jsonb(conflicts),
    'notFound', to_jsonb(array(select i from unnest(p_tenant_ids) i where not i = any (found_ids))),
    'more', cardinality(found_ids) = at_most and p_tenant_ids is null
  );
end
$$;

-- Rows of hand_over_tenants: what the database did itself is the service's word.
create policy mcp_invocations_record_hand_over on public.mcp_invocations for insert to smarteros_fn
with check (
  (select smarteros.can('admin')) and user_id = (select smarteros.subject()) and tool = 'tenants.handOver'
  and recorded_by = 'service'
);

revoke all on function public.configure(jsonb), public.create_tenant(text, text, jsonb),
  public.merge_services(uuid, jsonb), public.set_tenant_active(uuid, boolean, boolean),
  public.hand_over_tenants(text, text, uuid[], boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.configure(jsonb) to service_role;
grant execute on function public.create_tenant(text, text, jsonb), public.merge_services(uuid, jsonb),
  public.set_tenant_active(uuid, boolean, boolean), public.hand_over_tenants(text, text, uuid[], boolean)
  to authenticated;

grant create on schema public to smarteros_fn;
alter function public.create_tenant(text, text, jsonb) owner to smarteros_fn;
alter function public.merge_services(uuid, jsonb) owner to smarteros_fn;
alter function public.set_tenant_active(uuid, boolean, boolean) owner to smarteros_fn;
alter function public.hand_over_tenants(text, text, uuid[], boolean) owner to smarteros_fn;
revoke create on schema public from smarteros_fn;
