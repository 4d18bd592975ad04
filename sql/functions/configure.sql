-- Stores the settings that SQL enforces beside the hosts: default_role (operator or none), role_map (names of roles elsewhere
-- to ours), max_tenants_per_owner and delete_grace_days. A name that is left out stays as it is. For the owner of the database
-- and for hosts with the service role. Raises 23514, with the constraint settings_<name>, for a value that is not one of it.
create or replace function public.configure(p_settings jsonb) returns void
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
      when 'delete_grace_days' then jsonb_typeof(given.value) = 'number' and given.value between '0' and '3650'
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

revoke all on function public.configure(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.configure(jsonb) to service_role;
