-- What a health probe calls: the one thing that anon may execute.
create or replace function public.ping() returns boolean
language sql stable set search_path = ''
as $$ select true $$;

revoke all on function public.ping() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.ping() to anon, authenticated, service_role;
