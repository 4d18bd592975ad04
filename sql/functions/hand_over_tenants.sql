-- Gives tenants of one owner to another: those of p_tenant_ids, or all of p_from's where it is null, 500 at most a call in
-- the order of their ids. Needs `admin`. Changes nothing with p_dry_run. A tenant whose RUT the new owner has active already
-- stays, as a conflict. Each that is handed over has a row in mcp_invocations and an event. Returns {"handedOver", "conflicts",
-- "notFound", "more"}, lists of ids but for `more`. Raises 23514 for an owner that is none.
create or replace function public.hand_over_tenants(p_from text, p_to text, p_tenant_ids uuid[] default null, p_dry_run boolean default true)
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
    insert into public.tenant_events (type, tenant_id, payload)
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

revoke all on function public.hand_over_tenants(text, text, uuid[], boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.hand_over_tenants(text, text, uuid[], boolean) to authenticated;
alter function public.hand_over_tenants(text, text, uuid[], boolean) owner to smarteros_fn;
