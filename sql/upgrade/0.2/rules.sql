-- How a table of 0.2 becomes ours. The schema is gone when the adoption is over.
create schema smarteros_0_2;
revoke all on schema smarteros_0_2 from public;

-- Owners that have another id now: --owners old,new.csv.
create table smarteros_0_2.owners (old text primary key, new text not null);

-- Returns what a row of `tenants` becomes, with the constraints that it breaks as `reasons`. From jsonb, because a database
-- may lack a column. The right check digit is never derived: a typo would become another company's RUT.
create function smarteros_0_2.tenant_of(
  p_row jsonb,
  out rut text, out business_name text, out clerk_user_id text, out services_enabled jsonb,
  out chatwoot_inbox_id integer, out botpress_workspace_id text, out odoo_company_id integer, out n8n_project_id text,
  out metabase_dashboard_id text, out active boolean, out created_at timestamptz, out updated_at timestamptz,
  out deleted_at timestamptz, out reasons text[]
)
language plpgsql stable
as $$
declare
  given constant jsonb := case when jsonb_typeof(p_row -> 'services_enabled') is distinct from 'null'
    then p_row -> 'services_enabled' end;
  known constant text[] := '{crm,bot,erp,workflows,kpi}';
begin
  reasons := '{}';
  rut := upper(regexp_replace(coalesce(p_row ->> 'rut', ''), '[.\s]', '', 'g'));
  if rut ~ '^[0-9]{7,8}[0-9K]$' then
    rut := left(rut, -1) || '-' || right(rut, 1);
  end if;
  if not smarteros.rut_ok(rut) then
    reasons := reasons || 'tenants_rut_valid'::text;
  end if;

  business_name := smarteros.trimmed(coalesce(p_row ->> 'business_name', ''));
  if char_length(business_name) not between 2 and 120 then
    reasons := reasons || 'tenants_business_name_length'::text;
  end if;
  if not smarteros.printable(business_name) then
    reasons := reasons || 'tenants_business_name_printable'::text;
  end if;

  clerk_user_id := coalesce(
    (select o.new from smarteros_0_2.owners o where o.old = p_row ->> 'clerk_user_id'), p_row ->> 'clerk_user_id', '');
  if btrim(clerk_user_id) = '' or char_length(clerk_user_id) > 255 then
    reasons := reasons || 'tenants_owner_not_empty'::text;
  end if;

  services_enabled := '{"crm": false, "bot": false, "erp": false, "workflows": false, "kpi": false}';
  if given is not null then
    if jsonb_typeof(given) <> 'object' then
      reasons := reasons || 'tenants_services_enabled_boolean_flags'::text;
    else
      if given - known <> '{}' then
        reasons := reasons || 'tenants_services_enabled_known_flags'::text;
      end if;
      if exists (select from jsonb_each(given) f where f.key = any (known) and jsonb_typeof(f.value) not in ('boolean', 'null')) then
        reasons := reasons || 'tenants_services_enabled_boolean_flags'::text;
      else
        services_enabled := services_enabled || jsonb_strip_nulls(given - array(select jsonb_object_keys(given) except select unnest(known)));
      end if;
    end if;
  end if;

  -- 0 stood for none.
  if (p_row ->> 'chatwoot_inbox_id')::numeric < 0 then
    reasons := reasons || 'tenants_chatwoot_inbox_id_positive'::text;
  else
    chatwoot_inbox_id := nullif((p_row ->> 'chatwoot_inbox_id')::numeric, 0);
  end if;
  if (p_row ->> 'odoo_company_id')::numeric < 0 then
    reasons := reasons || 'tenants_odoo_company_id_positive'::text;
  else
    odoo_company_id := nullif((p_row ->> 'odoo_company_id')::numeric, 0);
  end if;
  botpress_workspace_id := nullif(btrim(p_row ->> 'botpress_workspace_id'), '');
  if botpress_workspace_id !~ '^(bot|workspace):' then
    botpress_workspace_id := 'workspace:' || botpress_workspace_id;
  end if;
  if botpress_workspace_id !~ '^(bot|workspace):[!-~]{1,200}$' then
    reasons := reasons || 'tenants_botpress_workspace_id_shape'::text;
  end if;
  n8n_project_id := nullif(btrim(p_row ->> 'n8n_project_id'), '');
  if n8n_project_id !~ '^(tag|project):' then
    n8n_project_id := 'project:' || n8n_project_id;
  end if;
  if n8n_project_id !~ '^(tag|project):[!-~]{1,200}$' then
    reasons := reasons || 'tenants_n8n_project_id_shape'::text;
  end if;
  metabase_dashboard_id := nullif(btrim(p_row ->> 'metabase_dashboard_id'), '');
  if metabase_dashboard_id !~ '^[!-~]{1,200}$' then
    reasons := reasons || 'tenants_metabase_dashboard_id_shape'::text;
  end if;

  active := coalesce((p_row ->> 'active')::boolean, true);
  created_at := coalesce((p_row ->> 'created_at')::timestamptz, (p_row ->> 'updated_at')::timestamptz, now());
  updated_at := coalesce((p_row ->> 'updated_at')::timestamptz, created_at);
  deleted_at := case when not active then updated_at end;
end
$$;

-- Returns the constraints that a row of the audit log breaks.
create function smarteros_0_2.call_reasons(
  p_user_id text, p_tool text, p_args text, p_result text, p_duration_ms integer, p_created_at timestamptz
) returns text[]
language sql stable
as $$
  select array_remove(array[
    case when p_user_id is null or btrim(p_user_id) = '' or char_length(p_user_id) > 255 then 'mcp_invocations_user_id_not_empty' end,
    case when p_tool is null or char_length(p_tool) not between 1 and 200 then 'mcp_invocations_tool_length' end,
    case when octet_length(p_args) > 262144 then 'mcp_invocations_args_size' end,
    case when octet_length(p_result) > 262144 then 'mcp_invocations_result_size' end,
    case when p_duration_ms is null or p_duration_ms < 0 then 'mcp_invocations_duration_ms_not_negative' end,
    case when p_created_at is null or p_created_at not between '2000-01-01' and now() + interval '1 day' then 'mcp_invocations_created_at' end
  ], null)
$$;

-- Returns the constraints that a row of probes breaks.
create function smarteros_0_2.probe_reasons(
  p_service text, p_status text, p_latency_ms integer, p_error_message text, p_metadata jsonb, p_created_at timestamptz
) returns text[]
language sql stable
as $$
  select array_remove(array[
    case when p_service is null or char_length(p_service) not between 1 and 100 then 'external_health_service_length' end,
    case when coalesce(p_status not in ('ok', 'degraded', 'error'), true) then 'external_health_status_known' end,
    case when p_latency_ms < 0 then 'external_health_latency_ms_not_negative' end,
    case when char_length(p_error_message) > 4000 then 'external_health_error_message_length' end,
    case when jsonb_typeof(p_metadata) <> 'object' then 'external_health_metadata_object' end,
    case when p_created_at is null or p_created_at not between '2000-01-01' and now() + interval '1 day' then 'external_health_created_at' end
  ], null)
$$;
