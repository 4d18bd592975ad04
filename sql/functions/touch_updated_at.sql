create or replace function smarteros.touch_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := clock_timestamp();
  -- Who writes `active` alone, as an earlier app does with the service key.
  new.deleted_at := case when not new.active then coalesce(new.deleted_at, now()) end;
  return new;
end
$$;

revoke all on function smarteros.touch_updated_at() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger tenants_touch_updated_at before update on public.tenants
for each row when (old.* is distinct from new.*) execute function smarteros.touch_updated_at();
