-- Returns vendors once each in the order of their names. Raises 22023 for none, for more than 100 names and for an unknown one.
create or replace function smarteros.request_vendors(p_vendors text[]) returns text[]
language plpgsql stable set search_path = ''
as $$
declare
  unknown text;
begin
  if coalesce(cardinality(p_vendors), 0) not between 1 and 100 then
    raise exception 'p_vendors must name 1 to 100 vendors' using errcode = '22023';
  end if;
  select coalesce(given, 'null') into unknown from unnest(p_vendors) given
  where given is null or not exists (select from public.provision_vendors v where v.vendor = given)
  limit 1;
  if found then
    raise exception 'there is no vendor "%"', left(unknown, 100) using errcode = '22023';
  end if;
  return array(select distinct given from unnest(p_vendors) given order by 1);
end
$$;

revoke all on function smarteros.request_vendors(text[]) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.request_vendors(text[]) to smarteros_fn;
