-- Never among the exposed schemas: helpers, partitions, the records of what is applied.
create schema if not exists smarteros;
revoke all on schema smarteros from public, anon;

-- Owns the functions that write. `force row level security` binds the owner of a security definer function too; this role
-- bypasses nothing and has policies of its own. Roles belong to the cluster, so it may exist already.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'smarteros_fn') then
    create role smarteros_fn nologin noinherit nobypassrls;
  end if;
  if not pg_catalog.pg_has_role(current_user, 'smarteros_fn', 'set') then
    execute pg_catalog.format('grant smarteros_fn to %I with inherit false, set true', current_user);
  end if;
end
$$;

grant usage on schema public to smarteros_fn;
grant usage on schema smarteros to authenticated, service_role, smarteros_fn;

-- Settings that SQL enforces as well, as JSON by name. Written by `configure`; an absent name has its default.
create table smarteros.settings (
  name text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);
