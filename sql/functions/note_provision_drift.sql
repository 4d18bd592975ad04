-- Writes what a comparison of the vendors named in `p_checked` found: what is apart stands, since when it was first seen
-- so, and what is not is resolved. Each of them counts as compared now. `p_found` is [{"vendor", "kind", "external_id", "seen_name"}].
create or replace function public.note_provision_drift(p_tenant_id uuid, p_checked text[], p_found jsonb)
returns setof public.provision_drift
language plpgsql volatile set search_path = ''
as $$
begin
  insert into public.provision_comparisons as c (tenant_id, vendor)
  select p_tenant_id, checked from unnest(p_checked) checked
  on conflict (tenant_id, vendor) do update set compared_at = clock_timestamp();
  update public.provision_drift d
  set resolved_at = now()
  where d.tenant_id = p_tenant_id
    and d.resolved_at is null
    and d.vendor = any (p_checked)
    and d.vendor not in (select apart ->> 'vendor' from jsonb_array_elements(p_found) apart);
  return query
    insert into public.provision_drift as d (tenant_id, vendor, kind, external_id, seen_name)
    select p_tenant_id, apart ->> 'vendor', apart ->> 'kind', apart ->> 'external_id', left(apart ->> 'seen_name', 255)
    from jsonb_array_elements(p_found) apart
    on conflict (tenant_id, vendor) do update
      set kind = excluded.kind,
        external_id = excluded.external_id,
        seen_name = excluded.seen_name,
        found_at = case when d.kind = excluded.kind and d.resolved_at is null then d.found_at else now() end,
        resolved_at = null
    returning d.*;
end
$$;

revoke all on function public.note_provision_drift(uuid, text[], jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.note_provision_drift(uuid, text[], jsonb) to service_role;
