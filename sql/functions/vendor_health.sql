-- Returns the health of the vendors that a worker found within 30 s; null: none did.
create or replace function public.vendor_health() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform smarteros.require('read');
  return (
    select t.result from public.tasks t
    where t.queue = 'requests' and t.kind = 'health' and t.state = 'succeeded' and t.finished_at > now() - interval '30 seconds'
    order by t.finished_at desc
    limit 1
  );
end
$$;

revoke all on function public.vendor_health() from public, anon, authenticated, service_role;
grant execute on function public.vendor_health() to authenticated;
alter function public.vendor_health() owner to smarteros_fn;
