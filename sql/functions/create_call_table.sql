-- Makes a table like the audit log, closed to everyone, to be attached to it.
create or replace function smarteros.create_call_table(p_name text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
  execute format('create table smarteros.%I (like public.mcp_invocations including all)', p_name);
  execute format('alter table smarteros.%I enable row level security', p_name);
  execute format('alter table smarteros.%I force row level security', p_name);
  execute format('revoke all on smarteros.%I from public, anon, authenticated, service_role', p_name);
end
$$;

revoke all on function smarteros.create_call_table(text) from public, anon, authenticated, service_role, smarteros_fn;
