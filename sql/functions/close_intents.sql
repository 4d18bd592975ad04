-- The user as well: an id is the caller's to choose, and must not end another's intent.
create or replace function smarteros.close_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.mcp_open_intents o using written w
  where o.id = w.id and o.user_id = w.user_id and o.recorded_by = w.recorded_by;
  return null;
end
$$;

revoke all on function smarteros.close_intents() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger mcp_invocations_close after insert on public.mcp_invocations
  referencing new table as written for each statement execute function smarteros.close_intents();
