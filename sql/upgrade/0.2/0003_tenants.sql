-- Takes over `tenants` where it stands: what other tables, views and triggers refer to stays the same table.

create table smarteros_0_2.judged as
select t.id, to_jsonb(t) as row, j.*
from smarteros_0_2.tenants t, lateral smarteros_0_2.tenant_of(to_jsonb(t)) j;

-- One owner has a RUT once; the oldest is the one that stays.
update smarteros_0_2.judged j
set reasons = '{tenants_owner_rut_active_key}'
from (
  select id, row_number() over (partition by clerk_user_id, rut order by created_at, id) as place
  from smarteros_0_2.judged where active and reasons = '{}'
) twin
where twin.id = j.id and twin.place > 1;

-- A row that another table refers to cannot move to the review.
do $$
declare
  reference record;
  referred bigint;
begin
  for reference in
    select c.conrelid::regclass::text as table, a.attname as column, c.confrelid
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'smarteros_0_2.tenants'::regclass
  loop
    execute format('select count(*) from %s r join smarteros_0_2.judged j on j.id::text = r.%I::text where j.reasons <> ''{}''',
      reference.table, reference.column) into referred;
    if referred > 0 then
      raise exception '% rows of % refer by % to tenants that break a rule; correct these tenants first (--plan lists them)',
        referred, reference.table, reference.column;
    end if;
  end loop;
end
$$;

-- Not by the triggers that the earlier app may have: its updated_at is to stay, and nothing is to be sent.
alter table smarteros_0_2.tenants disable trigger user;

delete from smarteros_0_2.tenants t using smarteros_0_2.judged j where j.id = t.id and j.reasons <> '{}';

select smarteros_0_2.add_columns('smarteros_0_2.tenants', 'public.tenants');

create table smarteros_0_2.changed as
select j.id, j.row
from smarteros_0_2.judged j join smarteros_0_2.tenants t on t.id = j.id
where (t.rut, t.business_name, t.clerk_user_id, t.services_enabled, t.chatwoot_inbox_id, t.botpress_workspace_id,
    t.odoo_company_id, t.n8n_project_id, t.metabase_dashboard_id, t.active, t.created_at, t.updated_at, t.deleted_at)
  is distinct from (j.rut, j.business_name, j.clerk_user_id, j.services_enabled, j.chatwoot_inbox_id, j.botpress_workspace_id,
    j.odoo_company_id, j.n8n_project_id, j.metabase_dashboard_id, j.active, j.created_at, j.updated_at, j.deleted_at);

update smarteros_0_2.tenants t
set rut = j.rut, business_name = j.business_name, clerk_user_id = j.clerk_user_id, services_enabled = j.services_enabled,
  chatwoot_inbox_id = j.chatwoot_inbox_id, botpress_workspace_id = j.botpress_workspace_id,
  odoo_company_id = j.odoo_company_id, n8n_project_id = j.n8n_project_id, metabase_dashboard_id = j.metabase_dashboard_id,
  active = j.active, created_at = j.created_at, updated_at = j.updated_at, deleted_at = j.deleted_at
from smarteros_0_2.judged j join smarteros_0_2.changed c on c.id = j.id
where j.id = t.id;
alter table smarteros_0_2.tenants enable trigger user;

select smarteros_0_2.add_rules('smarteros_0_2.tenants', 'public.tenants');
select smarteros_0_2.take_place('tenants');
