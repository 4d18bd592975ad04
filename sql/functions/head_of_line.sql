-- Finds the first task of a line whose tenant is not at its cap. No row: there is none.
create or replace function smarteros.head_of_line(p_queue text, p_fair_key text, p_priority smallint, p_full_tenants uuid[])
returns table (id uuid, due_at timestamptz)
language plpgsql stable set search_path = ''
as $$
begin
  return query
    select t.id, t.due_at from public.tasks t
    where t.queue = p_queue and t.fair_key = p_fair_key and t.priority = p_priority and t.state = 'queued'
      and (t.tenant_id is null or t.tenant_id <> all (p_full_tenants))
    order by t.due_at, t.id
    limit 1;
end
$$;

revoke all on function smarteros.head_of_line(text, text, smallint, uuid[])
  from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.head_of_line(text, text, smallint, uuid[]) to service_role;
