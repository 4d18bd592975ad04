alter table smarteros.self_report_counts enable row level security;
alter table smarteros.self_report_counts force row level security;

create policy self_report_counts_own on smarteros.self_report_counts for all to smarteros_fn
using (user_id = (select smarteros.subject())) with check (user_id = (select smarteros.subject()));

revoke all on smarteros.self_report_counts from public, anon, authenticated, service_role, smarteros_fn;
grant select, insert, update on smarteros.self_report_counts to smarteros_fn;
