-- An id that is taken is an error here: a tool runs on the strength of this row being its own.
create or replace function public.record_intent(p_intent jsonb) returns uuid
language sql volatile security invoker set search_path = ''
as $$
  insert into public.mcp_intents (id, user_id, tool, tenant_id, args, request_id, created_at)
  select coalesce(r.id, gen_random_uuid()), r.user_id, left(r.tool, 200), r.tenant_id, r.args, left(r.request_id, 200),
    coalesce(r.created_at, now())
  from jsonb_to_record(p_intent) r(id uuid, user_id text, tool text, tenant_id uuid, args text, request_id text,
    created_at timestamptz)
  returning id
$$;

revoke all on function public.record_intent(jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.record_intent(jsonb) to service_role;
