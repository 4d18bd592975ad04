-- Copies aside what holds keep of one partition; returns how many rows are new there. By the indexes, and not at all where
-- nothing is held: it is done once more while everybody waits for the lock.
create or replace function smarteros.hold_rows(p_partition text, p_before timestamptz) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
  users constant text[] := array(
    select h.user_id from public.legal_holds h where h.released_at is null and h.user_id is not null);
  tenants constant uuid[] := array(
    select h.tenant_id from public.legal_holds h where h.released_at is null and h.tenant_id is not null);
  copied integer;
begin
  if users = '{}' and tenants = '{}' then
    return 0;
  end if;
  execute format(
    'insert into public.mcp_held_invocations
     select i.* from smarteros.%I i
     where i.created_at < $1 and (i.user_id = any ($2) or i.tenant_id = any ($3))
     on conflict do nothing', p_partition
  ) using p_before, users, tenants;
  get diagnostics copied = row_count;
  return copied;
end
$$;

revoke all on function smarteros.hold_rows(text, timestamptz)
  from public, anon, authenticated, service_role, smarteros_fn;
