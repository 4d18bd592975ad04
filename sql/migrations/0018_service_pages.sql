-- Where people find a service at its vendor, and what they have left to do there before it works.
alter table public.provision_vendors
  -- Addresses of resources by the kind in their ids, with {id} for the rest of an id. Workers write them from their settings.
  add column resource_urls jsonb not null default '{}',
  -- What a person does after provisioning, in this order.
  add column checklist text[] not null default '{}',
  add constraint provision_vendors_resource_urls_object check (jsonb_typeof(resource_urls) = 'object');

update public.provision_vendors v set checklist = given.checklist
from (
  values
    ('chatwoot', array['connect_channel', 'invite_agents']),
    ('botpress', array['publish_bot', 'connect_inbox']),
    ('odoo', array['invite_users', 'tax_data']),
    ('n8n', array['connect_accounts', 'activate_workflows']),
    ('metabase', array['connect_data', 'invite_viewers'])
) as given (vendor, checklist)
where v.vendor = given.vendor;

-- Items of the checklist of a tenant's service that a person did.
create table public.service_checks (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants (id),
  vendor text not null references public.provision_vendors (vendor),
  item text not null,
  done_by text not null,
  done_at timestamptz not null default clock_timestamp(),

  constraint service_checks_tenant_vendor_item_key unique (tenant_id, vendor, item),
  constraint service_checks_item_shape check (item ~ '^[a-z][a-z_]{0,31}$'),
  constraint service_checks_done_by_length check (char_length(done_by) between 1 and 255)
);

-- Replaced by one with the addresses of resources.
drop function if exists public.report_worker(text);

insert into smarteros.known_tools (name) values ('services.check') on conflict (name) do nothing;
