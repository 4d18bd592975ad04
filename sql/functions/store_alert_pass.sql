-- Stores what a pass came to, all of it or nothing: answers false where another monitor's pass came before it.
create or replace function public.store_alert_pass(
  p_version bigint, p_state jsonb, p_rules jsonb, p_incidents jsonb, p_notifications jsonb
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_version = 0 then
    insert into public.alert_states (id, version, state, rules) values ('monitor', 1, p_state, p_rules)
    on conflict do nothing;
  else
    update public.alert_states s set version = s.version + 1, state = p_state, rules = p_rules, at = now()
    where s.id = 'monitor' and s.version = p_version;
  end if;
  if not found then
    return false;
  end if;
  insert into public.alert_incidents as i (id, alert_group, opened_at, closed_at, subjects)
  select p.id, p."group", p."openedAt", p."closedAt", p.subjects
  from jsonb_to_recordset(p_incidents)
    as p (id text, "group" text, "openedAt" timestamptz, "closedAt" timestamptz, subjects jsonb)
  on conflict (id) do update set closed_at = excluded.closed_at,
    -- What failed stays to be read when it is over.
    subjects = case when excluded.subjects = '[]' then i.subjects else excluded.subjects end;
  insert into public.alert_deliveries (notification, target_id, kind, payload)
  select n ->> 'key', t.id, n ->> 'kind', n - 'targets'
  from jsonb_array_elements(p_notifications) n
  cross join lateral (
    select array(
      select k.id from public.alert_targets k
      where k.removed_at is null and jsonb_typeof(n -> 'targets') = 'array' and n -> 'targets' ? k.name
    ) as ids
  ) named
  join public.alert_targets t on t.removed_at is null
    and case
      when named.ids <> '{}' then t.id = any (named.ids)
      when jsonb_typeof(n -> 'targets') is distinct from 'array' then true
      when n ->> 'kind' = 'resolved' then exists (
        select from public.alert_deliveries d
        where d.target_id = t.id and d.payload ->> 'incident' = n ->> 'incident'
      )
      else n -> 'targets' <> '[]'
    end
  on conflict do nothing;
  delete from public.alert_deliveries d where d.state <> 'pending' and d.created_at < now() - interval '90 days';
  return true;
end
$$;

revoke all on function public.store_alert_pass(bigint, jsonb, jsonb, jsonb, jsonb)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.store_alert_pass(bigint, jsonb, jsonb, jsonb, jsonb) to service_role;
