-- The tables of a 0.2 database, with what such a database collects: columns of its own, a table, a view, a trigger and a
-- policy of another app that refer to them.
create table public.tenants (
  id uuid primary key default gen_random_uuid(), rut text not null, business_name text not null,
  contact_email text not null, clerk_user_id text not null, owner_email text,
  services_enabled jsonb default '{"crm":false,"bot":false,"erp":false,"workflows":false,"kpi":false}',
  chatwoot_inbox_id int, botpress_workspace_id text, odoo_company_id int, n8n_project_id text, metabase_dashboard_id text,
  active boolean default true, created_at timestamptz default now(), updated_at timestamptz default now(),
  constraint tenants_contact_email_given check (contact_email <> 'none'));
create table public.mcp_invocations (
  id uuid primary key default gen_random_uuid(), user_id text not null, tool text not null, args text, result text,
  duration_ms integer not null, success boolean default true, created_at timestamptz default now(), region text not null default 'scl');
create index idx_mcp_invocations_user_id on public.mcp_invocations (user_id);
create table public.external_health (
  id uuid primary key default gen_random_uuid(), service text not null, status text not null, latency_ms integer,
  error_message text, metadata jsonb, created_at timestamptz default now());

create table public.invoices (id serial primary key, tenant_id uuid not null references public.tenants (id) on delete cascade);
create view public.recent_calls as select id, user_id, tool, created_at from public.mcp_invocations where success;
create table public.sent (what text);
create function public.notify_change() returns trigger language plpgsql security definer as $$
begin
  insert into public.sent values (tg_op);
  return new;
end
$$;
create trigger tenants_notify after insert or update or delete on public.tenants for each row execute function public.notify_change();
alter table public.tenants enable row level security;
create policy "Users see their own" on public.tenants for select to authenticated using (clerk_user_id = (auth.jwt() ->> 'sub'));
grant select on public.tenants to dashboard_user;
