-- Raises P0001 `quota_exceeded` where the current user has as many tenants as one owner may: active ones and those deleted in
-- the last 30 days, so that creating and deleting in turn spends no more at the vendors. Administrators have no limit.
create or replace function smarteros.require_tenant_quota() returns void
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

revoke all on function smarteros.require_tenant_quota() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.require_tenant_quota() to smarteros_fn;
