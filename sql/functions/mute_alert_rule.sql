-- A moment that has passed ends the mute.
create or replace function public.mute_alert_rule(p_rule text, p_until timestamptz) returns setof public.alert_mutes
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  return query
    insert into public.alert_mutes as m (rule, until, muted_by) values (p_rule, p_until, smarteros.subject())
    on conflict (rule) do update set until = excluded.until, muted_by = excluded.muted_by
    returning m.*;
end
$$;

revoke all on function public.mute_alert_rule(text, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.mute_alert_rule(text, timestamptz) to authenticated;
alter function public.mute_alert_rule(text, timestamptz) owner to smarteros_fn;
