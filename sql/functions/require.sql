create or replace function smarteros.require(p_capability text) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if smarteros.subject() is null then
    raise exception 'the token has no subject' using errcode = '42501';
  end if;
  if not smarteros.can(p_capability) then
    raise exception 'this needs the capability "%"', p_capability using errcode = '42501';
  end if;
end
$$;

revoke all on function smarteros.require(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function smarteros.require(text) to smarteros_fn;
