-- Writes that a worker is there, and the addresses of resources at its vendors where they changed. Removes workers that were
-- last there a day ago.
create or replace function public.report_worker(p_id text, p_resource_urls jsonb default '{}') returns void
language sql volatile set search_path = ''
as $$
  delete from public.provision_workers w where w.seen_at < now() - interval '1 day' and w.id <> p_id;
  update public.provision_vendors v set resource_urls = p_resource_urls -> v.vendor
  where p_resource_urls ? v.vendor and v.resource_urls is distinct from p_resource_urls -> v.vendor;
  insert into public.provision_workers (id) values (p_id)
  on conflict (id) do update set seen_at = now();
$$;

revoke all on function public.report_worker(text, jsonb) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.report_worker(text, jsonb) to service_role;
