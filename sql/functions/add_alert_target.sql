create or replace function public.add_alert_target(p_name text, p_kind text, p_address text, p_settings jsonb)
returns setof public.alert_targets
language plpgsql volatile security definer set search_path = ''
as $$
declare
  added public.alert_targets;
begin
  perform smarteros.require('admin');
  insert into public.alert_targets (name, kind, address, created_by)
  values (btrim(p_name), p_kind, p_address, smarteros.subject()) returning * into added;
  insert into smarteros.alert_target_secrets (target_id, settings) values (added.id, p_settings);
  return next added;
end
$$;

revoke all on function public.add_alert_target(text, text, text, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.add_alert_target(text, text, text, jsonb) to authenticated;
alter function public.add_alert_target(text, text, text, jsonb) owner to smarteros_fn;
