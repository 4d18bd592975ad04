-- Enqueues tasks for the service and returns them in their order; see smarteros.insert_tasks for the fields.
create or replace function public.enqueue_tasks(p_tasks jsonb) returns setof public.tasks
language plpgsql volatile set search_path = ''
as $$
declare
  ids uuid[];
begin
  ids := array(select smarteros.insert_tasks(p_tasks));
  return query
    select t.* from unnest(ids) with ordinality as made (id, place) join public.tasks t on t.id = made.id
    order by made.place;
end
$$;

revoke all on function public.enqueue_tasks(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.enqueue_tasks(jsonb) to service_role;
