-- The channels of targets are listed by the code that sends to them (packages/alerts/src/channels); a new one needs no
-- migration. The settings of a target are validated there before they are stored, and again before a message is sent.
alter table public.alert_targets drop constraint alert_targets_kind_known;
alter table public.alert_targets
  add constraint alert_targets_kind_well_formed check (kind ~ '^[a-z][a-z0-9-]{0,31}$');
