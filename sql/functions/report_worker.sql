-- Writes that a worker is there, and removes workers that were last there a day ago.
create or replace function public.report_worker(p_id text) returns void
language sql volatile set search_path = ''
as $$
  delete from public.provision_workers w where w.seen_at < now() - interval '1 day' and w.id <> p_id;
  insert into public.provision_workers (id) values (p_id)
  on conflict (id) do update set seen_at = now();
$$;

revoke all on function public.report_worker(text) from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.report_worker(text) to service_role;
