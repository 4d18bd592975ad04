create or replace function smarteros.open_intents() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.mcp_open_intents (id, user_id, recorded_by) select w.id, w.user_id, w.recorded_by from written w;
  return null;
end
$$;

revoke all on function smarteros.open_intents() from public, anon, authenticated, service_role, smarteros_fn;

create or replace trigger mcp_intents_open after insert on public.mcp_intents
  referencing new table as written for each statement execute function smarteros.open_intents();
