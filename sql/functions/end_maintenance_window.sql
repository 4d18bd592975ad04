-- Ends a maintenance window now, or calls it off when it has not begun. Needs `admin`. Answers whether there was one to end.
create or replace function public.end_maintenance_window(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('admin');
  update smarteros.maintenance_windows w
  set ends_at = greatest(w.starts_at, now()), ended_by = smarteros.subject()
  where w.id = p_id and w.ends_at > now() and w.ends_at > w.starts_at;
  return found;
end
$$;

revoke all on function public.end_maintenance_window(uuid) from public, anon, authenticated, service_role;
grant execute on function public.end_maintenance_window(uuid) to authenticated;
alter function public.end_maintenance_window(uuid) owner to smarteros_fn;
