do $$
begin
  if current_setting('server_version_num')::integer < 160000 then
    raise exception 'Postgres 16 or newer is needed; this server is %. In the Supabase dashboard: Project Settings, Infrastructure, Upgrade project',
      current_setting('server_version');
  end if;
end
$$;

create schema if not exists smarteros;

create table if not exists smarteros.migrations (
  version text primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

alter table smarteros.migrations enable row level security;
revoke all on smarteros.migrations from public;

-- Views, functions and policies as they were applied last, by their file.
create table if not exists smarteros.definitions (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

alter table smarteros.definitions enable row level security;
revoke all on smarteros.definitions from public;
