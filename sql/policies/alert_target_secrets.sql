alter table smarteros.alert_target_secrets enable row level security;
alter table smarteros.alert_target_secrets force row level security;

create policy alert_target_secrets_kept_by_admin on smarteros.alert_target_secrets for all to smarteros_fn
using ((select smarteros.can('admin'))) with check ((select smarteros.can('admin')));

revoke all on smarteros.alert_target_secrets from public, anon, authenticated, service_role, smarteros_fn;
grant insert, delete on smarteros.alert_target_secrets to smarteros_fn;
grant select (target_id) on smarteros.alert_target_secrets to smarteros_fn;
