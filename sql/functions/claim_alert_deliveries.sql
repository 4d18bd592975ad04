-- Takes up what is due, for one minute in which no one else does, with what is needed to dial.
create or replace function public.claim_alert_deliveries(p_limit integer default 20)
returns table (id uuid, notification text, attempts integer, payload jsonb, target text, target_kind text, settings jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_limit is null or p_limit not between 0 and 100 then
    raise exception 'p_limit must be 0 to 100' using errcode = '23514', constraint = 'p_limit_range';
  end if;
  return query
    with due as (
      select d.id from public.alert_deliveries d
      where d.state = 'pending' and d.next_attempt_at <= now()
      order by d.next_attempt_at limit p_limit
      for update skip locked
    ), taken as (
      update public.alert_deliveries d
      set attempts = d.attempts + 1, next_attempt_at = now() + interval '1 minute'
      from due where d.id = due.id
      returning d.*
    )
    select k.id, k.notification, k.attempts, k.payload, t.name, t.kind, s.settings
    from taken k
    join public.alert_targets t on t.id = k.target_id
    join smarteros.alert_target_secrets s on s.target_id = k.target_id
    order by k.created_at;
end
$$;

revoke all on function public.claim_alert_deliveries(integer)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.claim_alert_deliveries(integer) to service_role;
