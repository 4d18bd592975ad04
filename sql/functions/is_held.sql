create or replace function smarteros.is_held(p_user_id text, p_tenant_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.legal_holds h
    where h.released_at is null and (h.user_id = p_user_id or h.tenant_id = p_tenant_id)
  )
$$;

revoke all on function smarteros.is_held(text, uuid) from public, anon, authenticated, service_role, smarteros_fn;
