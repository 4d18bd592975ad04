-- What a hosted Supabase project already has when its owner first sees it. Run once, as `supabase_admin`.

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role postgres nosuperuser login createrole createdb replication bypassrls;
-- NOINHERIT in a hosted project. The REST door reads the catalog before it takes on a role, and finds only what
-- its login role may use.
create role authenticator nosuperuser login inherit nocreaterole nocreatedb nobypassrls;
grant anon, authenticated, service_role to authenticator, postgres;

alter database postgres owner to postgres;
revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role, postgres;

create schema extensions;
create schema auth;
grant usage on schema extensions, auth to anon, authenticated, service_role, postgres;

create function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

create function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )::text
$$;

create function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )::text
$$;

-- Whatever `postgres` makes in `public` is open to everybody unless a migration says otherwise: a forgotten
-- REVOKE must fail here as it would there.
alter default privileges for role postgres in schema public grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on sequences to postgres, anon, authenticated, service_role;

-- The REST door keeps the catalog in memory; as in a hosted project, changing the schema tells it to read again.
create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
  notify pgrst, 'reload schema';
end
$$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
create event trigger pgrst_drop_watch on sql_drop execute function extensions.pgrst_ddl_watch();
