-- Vendors of services, so that a new one is one row and no new column of `tenants`.
create table public.provision_vendors (
  vendor text primary key,
  -- Key of `tenants.services_enabled` that turns the service on.
  flag text not null,

  constraint provision_vendors_vendor_shape check (vendor ~ '^[a-z][a-z0-9]{0,31}$'),
  constraint provision_vendors_flag_shape check (flag ~ '^[a-z][a-z0-9_]{0,31}$'),
  constraint provision_vendors_flag_key unique (flag)
);
insert into public.provision_vendors (vendor, flag) values
  ('chatwoot', 'crm'), ('botpress', 'bot'), ('odoo', 'erp'), ('n8n', 'workflows'), ('metabase', 'kpi');

-- Ids of a tenant at the vendors that have no column in `tenants`.
create table public.tenant_service_ids (
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  -- Null after the service was removed.
  external_id text,

  primary key (tenant_id, vendor),
  constraint tenant_service_ids_external_id_shape check (external_id ~ '^[!-~]{1,255}$')
);
create index tenant_service_ids_external_id_idx on public.tenant_service_ids (vendor, external_id);

alter table public.provision_steps
  drop constraint provision_steps_vendor_known,
  add constraint provision_steps_vendor_known foreign key (vendor) references public.provision_vendors (vendor);
alter table public.provision_drift
  drop constraint provision_drift_vendor_known,
  add constraint provision_drift_vendor_known foreign key (vendor) references public.provision_vendors (vendor);
alter table public.provision_holds
  drop constraint provision_holds_vendor_known,
  add constraint provision_holds_vendor_known foreign key (vendor) references public.provision_vendors (vendor);

-- Adds a vendor. Defined here and not in sql/functions, because later migrations call it: the migration of a new vendor is one
-- call. Its flag is false for every tenant, which is no change
-- that a person requested and therefore no event.
create function smarteros.add_vendor(p_vendor text, p_flag text) returns void
language plpgsql volatile set search_path = ''
as $$
declare
  flags text[];
begin
  insert into public.provision_vendors (vendor, flag) values (p_vendor, p_flag);
  flags := array(select v.flag from public.provision_vendors v order by v.flag);
  alter table public.tenants
    drop constraint tenants_services_enabled_known_flags,
    drop constraint tenants_services_enabled_boolean_flags,
    disable trigger user;
  update public.tenants t set services_enabled = t.services_enabled || jsonb_build_object(p_flag, false)
  where not t.services_enabled ? p_flag;
  alter table public.tenants enable trigger user;
  execute format(
    'alter table public.tenants
       alter column services_enabled set default %L,
       add constraint tenants_services_enabled_known_flags check (
         case when jsonb_typeof(services_enabled) = ''object'' then services_enabled - %L::text[] = ''{}'' else false end
       ),
       add constraint tenants_services_enabled_boolean_flags check (array[%s] = %L::text[])',
    (select jsonb_object_agg(flag, false) from unnest(flags) flag),
    flags,
    (select string_agg(format('jsonb_typeof(services_enabled -> %L)', flag), ', ') from unnest(flags) flag),
    array_fill('boolean'::text, array[cardinality(flags)])
  );
end
$$;
revoke all on function smarteros.add_vendor(text, text) from public, anon, authenticated, service_role, smarteros_fn;
