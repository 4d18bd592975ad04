-- Adds tool names to those that a self-reported row may carry. For hosts with the service role, at their start. Returns how
-- many are new. Raises 23514 for a malformed name or more than 1000.
create or replace function public.register_tools(p_names text[]) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  added integer;
begin
  if cardinality(p_names) > 1000 then
    raise exception 'at most 1000 names at a time' using errcode = '23514', constraint = 'p_names_at_most';
  end if;
  insert into smarteros.known_tools as t (name)
  select distinct n from unnest(p_names) n order by 1
  on conflict do nothing;
  get diagnostics added = row_count;
  return added;
end
$$;

revoke all on function public.register_tools(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.register_tools(text[]) to service_role;
