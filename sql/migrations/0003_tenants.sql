create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  rut text not null,
  business_name text not null,
  clerk_user_id text not null,
  services_enabled jsonb not null default '{"crm": false, "bot": false, "erp": false, "workflows": false, "kpi": false}',
  chatwoot_inbox_id integer,
  botpress_workspace_id text,
  odoo_company_id integer,
  n8n_project_id text,
  metabase_dashboard_id text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,

  constraint tenants_rut_valid check (smarteros.rut_ok(rut)),
  constraint tenants_business_name_trimmed check (business_name = smarteros.trimmed(business_name)),
  constraint tenants_business_name_length check (char_length(business_name) between 2 and 120),
  constraint tenants_business_name_printable check (smarteros.printable(business_name)),
  constraint tenants_owner_not_empty check (btrim(clerk_user_id) <> '' and char_length(clerk_user_id) <= 255),
  constraint tenants_services_enabled_known_flags check (
    case when jsonb_typeof(services_enabled) = 'object'
      then services_enabled - '{crm,bot,erp,workflows,kpi}'::text[] = '{}'
      else false
    end
  ),
  -- Arrays compare an absent flag as different; `= 'boolean'` alone would be null, and null passes a check.
  constraint tenants_services_enabled_boolean_flags check (
    array[
      jsonb_typeof(services_enabled -> 'crm'),
      jsonb_typeof(services_enabled -> 'bot'),
      jsonb_typeof(services_enabled -> 'erp'),
      jsonb_typeof(services_enabled -> 'workflows'),
      jsonb_typeof(services_enabled -> 'kpi')
    ] = '{boolean,boolean,boolean,boolean,boolean}'::text[]
  ),
  constraint tenants_chatwoot_inbox_id_positive check (chatwoot_inbox_id > 0),
  constraint tenants_odoo_company_id_positive check (odoo_company_id > 0),
  constraint tenants_botpress_workspace_id_shape check (botpress_workspace_id ~ '^(bot|workspace):[!-~]{1,200}$'),
  constraint tenants_n8n_project_id_shape check (n8n_project_id ~ '^(tag|project):[!-~]{1,200}$'),
  constraint tenants_metabase_dashboard_id_shape check (metabase_dashboard_id ~ '^[!-~]{1,200}$'),
  constraint tenants_active_until_deleted check (active = (deleted_at is null))
);

-- An agency and the business itself may both hold a RUT; one owner holds it once.
create unique index tenants_owner_rut_active_key on public.tenants (clerk_user_id, rut) where active;
create index tenants_owner_newest_idx on public.tenants (clerk_user_id, created_at desc, id desc);
create index tenants_newest_idx on public.tenants (created_at desc, id desc);
