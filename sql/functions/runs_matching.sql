-- Finds steps for a change of many runs: with `p_state` `failed` those that failed, where the failure is the latest of the
-- service, and those that failed to be undone; with `open` those that are not over. By owner, vendor, kind of failure and time
-- since the last change; null is all.
create or replace function smarteros.runs_matching(
  p_state text, p_owner text, p_vendor text, p_error text, p_since timestamptz
) returns table (run_id uuid, vendor text)
language sql stable set search_path = ''
as $$
  select s.run_id, s.vendor
  from public.provision_steps s
  join public.tenants t on t.id = s.tenant_id
  join public.provision_runs r on r.id = s.run_id
  where s.state in ('queued', 'running', 'waiting', 'failed', 'undo_failed')
    and case p_state
      when 'failed' then s.state = 'undo_failed' or s.state = 'failed' and r.cancelled_at is null and not exists (
        select from public.provision_steps later
        where later.tenant_id = s.tenant_id and later.vendor = s.vendor and later.updated_at > s.updated_at
          and later.state not in ('skipped', 'cancelled')
      )
      else s.state not in ('failed', 'undo_failed')
    end
    and (p_owner is null or t.clerk_user_id = p_owner) and (p_vendor is null or s.vendor = p_vendor)
    and (p_error is null or s.error_kind = p_error) and (p_since is null or s.updated_at >= p_since)
$$;

revoke all on function smarteros.runs_matching(text, text, text, text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.runs_matching(text, text, text, text, timestamptz) to service_role, smarteros_fn;
