-- Privileges that a hosted project needs and the earlier migrations lack.

-- PostgREST writes every inserted column into the SET of an upsert, the conflict columns too (PostgREST/postgrest#2446).
grant update (id) on public.workers to service_role;
grant update (tenant_id, workflow) on public.n8n_webhooks to service_role;
