-- Returns the seconds since a worker last reported; null when none has within a day.
create or replace function public.worker_silence() returns double precision
language sql stable security definer set search_path = ''
as $$
  select extract(epoch from now() - max(w.seen_at))::double precision from public.provision_workers w
$$;

revoke all on function public.worker_silence() from public, anon, authenticated, service_role, smarteros_fn;
grant execute on function public.worker_silence() to authenticated, service_role;
alter function public.worker_silence() owner to smarteros_fn;
