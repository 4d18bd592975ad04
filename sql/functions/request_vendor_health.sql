-- Requests the health of all vendors: a task of kind `health`, result {vendor: {"process", "access"} or null}. Returns its id,
-- that of the open one where there is one.
create or replace function public.request_vendor_health() returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform smarteros.require('read');
  return smarteros.insert_request('health');
end
$$;

revoke all on function public.request_vendor_health() from public, anon, authenticated, service_role;
grant execute on function public.request_vendor_health() to authenticated;
alter function public.request_vendor_health() owner to smarteros_fn;
