-- Stores what was found, and holds every service of the adopted tenants.

insert into public.tenants_in_review (id, clerk_user_id, row, proposal, reasons, created_at)
select j.id, nullif(btrim(j.clerk_user_id), ''), j.row, to_jsonb(j) - '{id,row,reasons}'::text[], j.reasons, j.created_at
from smarteros_0_2.judged j where j.reasons <> '{}';

insert into public.provision_holds (tenant_id, vendor)
select t.id, vendor from public.tenants t, unnest('{chatwoot,botpress,odoo,n8n,metabase}'::text[]) vendor;

insert into smarteros.adopted_rows (id, row) select c.id, c.row from smarteros_0_2.changed c;

do $$
begin
  if to_regclass('smarteros_0_2.calls_in_review') is not null then
    insert into smarteros.rows_in_review (source, row, reasons)
    select 'mcp_invocations', c.row, c.reasons from smarteros_0_2.calls_in_review c;
  end if;
  if to_regclass('smarteros_0_2.probes_in_review') is not null then
    insert into smarteros.rows_in_review (source, row, reasons)
    select 'external_health', p.row, p.reasons from smarteros_0_2.probes_in_review p;
  end if;
end
$$;

insert into smarteros.adoption (report, undo)
select jsonb_build_object(
    'tenants', (select count(*) from public.tenants),
    'tenantsInReview', (select count(*) from public.tenants_in_review),
    'tenantsChanged', (select count(*) from smarteros.adopted_rows),
    'rowsInReview', (select coalesce(jsonb_object_agg(r.source, r.count), '{}')
      from (select source, count(*) from smarteros.rows_in_review group by source) r)
  ),
  (select jsonb_object_agg(u.phase, u.statements)
    from (select phase, jsonb_agg(statement order by place) as statements from smarteros_0_2.undo group by phase) u);

drop schema smarteros_0_2 cascade;
