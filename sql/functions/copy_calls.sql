-- Copies the next p_rows rows of the move into smarteros.moving_calls, in the order of created_at and id. Returns whether it
-- has come to the end.
create or replace function smarteros.copy_calls(p_rows integer) returns boolean
language plpgsql volatile set search_path = '' set timezone = 'UTC'
as $$
declare
  move smarteros.partition_move;
  last record;
begin
  select m.* into move from smarteros.partition_move m;
  execute format(
    'with piece as materialized (
       select i.* from %s i where %s and (i.created_at, i.id) > ($1, $2) order by i.created_at, i.id limit $3
     ), copied as (
       insert into smarteros.moving_calls select p.* from piece p on conflict do nothing
     )
     select count(*) as rows, max(p.created_at) as at, (array_agg(p.id order by p.created_at desc, p.id desc))[1] as id
     from piece p',
    case when move.week is null then 'smarteros.mcp_invocations_default' else 'public.mcp_invocations' end,
    case when move.week is null then 'true'
      else format('i.created_at >= %L and i.created_at < %L', move.week, move.week + interval '7 days') end
  ) into last using move.copied_at, move.copied_id, p_rows;
  if last.rows > 0 then
    update smarteros.partition_move m set copied_at = last.at, copied_id = last.id where m.one;
  end if;
  return last.rows < p_rows;
end
$$;

revoke all on function smarteros.copy_calls(integer) from public, anon, authenticated, service_role, smarteros_fn;
