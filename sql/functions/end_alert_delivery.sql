-- How an attempt ended: `p_retry_at` for another one, null where it is over. Answers whether it was still under way.
create or replace function public.end_alert_delivery(
  p_id uuid, p_delivered boolean, p_status integer, p_error text, p_retry_at timestamptz
) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.alert_deliveries d
  set state = case when p_delivered then 'delivered' when p_retry_at is null then 'failed' else 'pending' end,
    finished_at = case when p_delivered or p_retry_at is null then now() end,
    next_attempt_at = coalesce(p_retry_at, d.next_attempt_at),
    last_status = p_status,
    last_error = left(p_error, 300)
  where d.id = p_id and d.state = 'pending';
  return found;
end
$$;

revoke all on function public.end_alert_delivery(uuid, boolean, integer, text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.end_alert_delivery(uuid, boolean, integer, text, timestamptz) to service_role;
