-- Moves the tables of 0.2 aside, so that the migrations make theirs beside them. What depends on a table goes with it.

-- Statements that give a table back what it had: `open` lets its old rows in again, `close` restores the rest.
create table smarteros_0_2.undo (
  place bigint generated always as identity primary key,
  phase text not null default 'close',
  statement text not null
);
create table smarteros_0_2.report (name text primary key, value jsonb not null);

-- Writes down how a table gets back its privileges, policies and row level security.
create function smarteros_0_2.remember(p_table regclass) returns void
language plpgsql
as $$
declare
  name constant text := (select relname from pg_class where oid = p_table);
begin
  insert into smarteros_0_2.undo (statement)
  select format('alter table public.%I %s row level security, %s row level security', name,
    case when relrowsecurity then 'enable' else 'disable' end, case when relforcerowsecurity then 'force' else 'no force' end)
  from pg_class where oid = p_table;
  insert into smarteros_0_2.undo (statement)
  select format('grant %s on public.%I to %s%s', string_agg(x.privilege_type, ', '), name,
    case when x.grantee = 0 then 'public' else quote_ident(x.grantee::regrole::text) end,
    case when x.is_grantable then ' with grant option' else '' end)
  from pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) x
  where c.oid = p_table and x.grantee <> c.relowner group by x.grantee, x.is_grantable;
  insert into smarteros_0_2.undo (statement)
  select format('create policy %I on public.%I as %s for %s to %s%s%s', p.policyname, name, p.permissive, p.cmd,
    (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r), ' using (' || p.qual || ')',
    ' with check (' || p.with_check || ')')
  from pg_policies p where p.schemaname = 'public' and p.tablename = name;
  insert into smarteros_0_2.undo (statement)
  select format('do $undo$ begin alter table public.%I add constraint %I %s; exception when duplicate_object or check_violation then null; end $undo$',
    name, k.conname, pg_get_constraintdef(k.oid))
  from pg_constraint k where k.conrelid = p_table and k.contype in ('c', 'u', 'x', 'f');
  -- Where rows written since lack what the earlier app required, the column stays open.
  insert into smarteros_0_2.undo (statement)
  select format('do $undo$ begin alter table public.%I alter column %I set not null; exception when not_null_violation then null; end $undo$',
    name, a.attname)
  from pg_attribute a where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attnotnull;
  insert into smarteros_0_2.undo (statement)
  select format('alter table public.%I alter column %I set default %s', name, a.attname, pg_get_expr(d.adbin, d.adrelid))
  from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = p_table and a.attidentity = '' and a.attgenerated = '';
end
$$;

-- Adds the columns that a table of 0.2 lacks, and gives the others the type of today's. What only 0.2 has stays, and may be
-- null from now on, because nothing of ours fills it.
create function smarteros_0_2.add_columns(p_old regclass, p_new regclass) returns void
language plpgsql
as $$
declare
  changes text;
begin
  select string_agg(change, ', ') into changes
  from (
    select case
      when o.attnum is null then format('add column %I %s%s', n.attname, format_type(n.atttypid, n.atttypmod),
        case when n.attname <> 'recorded_at' then ' default ' || pg_get_expr(d.adbin, d.adrelid) end)
      when o.atttypid <> n.atttypid then format('alter column %1$I drop default, alter column %1$I type %2$s using %1$I::%2$s',
        n.attname, format_type(n.atttypid, n.atttypmod))
    end as change
    from pg_attribute n
    left join pg_attrdef d on d.adrelid = n.attrelid and d.adnum = n.attnum
    left join pg_attribute o on o.attrelid = p_old and o.attname = n.attname and not o.attisdropped
    where n.attrelid = p_new and n.attnum > 0 and not n.attisdropped
    union all
    select format('alter column %I drop not null', o.attname)
    from pg_attribute o
    where o.attrelid = p_old and o.attnum > 0 and not o.attisdropped and o.attnotnull and not o.atthasdef and o.attidentity = ''
      and not exists (select from pg_attribute n where n.attrelid = p_new and n.attname = o.attname and not n.attisdropped)
  ) c where change is not null;
  if changes is not null then
    execute format('alter table %s %s', p_old, changes);
  end if;
end
$$;

-- Gives a table of 0.2 the defaults, constraints and primary key of today's, in one pass over its rows. p_first is a further
-- change of the same pass.
create function smarteros_0_2.add_rules(p_old regclass, p_new regclass, p_first text default null) returns void
language plpgsql
as $$
declare
  key_is_same constant boolean := coalesce((
    select (select array_agg(attname order by attname) from pg_attribute where attrelid = o.conrelid and attnum = any (o.conkey))
      = (select array_agg(attname order by attname) from pg_attribute where attrelid = n.conrelid and attnum = any (n.conkey))
    from pg_constraint o, pg_constraint n
    where o.conrelid = p_old and o.contype = 'p' and n.conrelid = p_new and n.contype = 'p'
  ), false);
  changes text;
begin
  select string_agg(change, ', ' order by place) into changes
  from (
    select 1 as place, format('alter column %I set default %s', n.attname, pg_get_expr(d.adbin, d.adrelid)) as change
    from pg_attribute n join pg_attrdef d on d.adrelid = n.attrelid and d.adnum = n.attnum where n.attrelid = p_new
    union all
    select 1, format('alter column %I set not null', n.attname)
    from pg_attribute n where n.attrelid = p_new and n.attnum > 0 and not n.attisdropped and n.attnotnull
    union all
    -- A rule of the same name, or another primary key.
    select 2, format('drop constraint %I', o.conname)
    from pg_constraint o
    where o.conrelid = p_old and (
      (o.contype = 'p' and not key_is_same)
      or (o.contype in ('c', 'u', 'x', 'f') and exists (select from pg_constraint n where n.conrelid = p_new and n.conname = o.conname))
    )
    union all
    select 3, format('add constraint %I %s', n.conname, pg_get_constraintdef(n.oid))
    from pg_constraint n where n.conrelid = p_new and n.contype in ('c', 'u', 'p') and not (n.contype = 'p' and key_is_same)
  ) c;
  execute format('alter table %s %s', p_old, concat_ws(', ', p_first, changes));

  insert into smarteros_0_2.undo (phase, statement)
  select 'open', format('alter table public.%I %s', (select relname from pg_class where oid = p_new), string_agg(line, ', '))
  from (
    select format('drop constraint if exists %I', n.conname) as line
    from pg_constraint n where n.conrelid = p_new and n.contype in ('c', 'u')
    union all
    select format('alter column %I drop not null', n.attname)
    from pg_attribute n
    where n.attrelid = p_new and n.attnum > 0 and not n.attisdropped and n.attnotnull
      and n.attnum <> all (select unnest(k.conkey) from pg_constraint k where k.conrelid = p_new and k.contype = 'p')
  ) l;
end
$$;

-- Puts an adopted table where ours was just made, with the indexes of ours.
create function smarteros_0_2.take_place(p_name text) returns void
language plpgsql
as $$
declare
  indexes constant text[] := array(
    select pg_get_indexdef(i.indexrelid) from pg_index i
    where i.indrelid = ('public.' || p_name)::regclass
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
  );
  statement text;
begin
  execute format('drop table public.%I', p_name);
  execute format('alter table smarteros_0_2.%I set schema public', p_name);
  foreach statement in array indexes loop
    execute statement;
    insert into smarteros_0_2.undo (phase, statement)
    values ('open', 'drop index public.' || substring(statement from 'INDEX (\S+) ON'));
  end loop;
end
$$;

do $$
declare
  name text;
begin
  foreach name in array '{tenants,mcp_invocations,external_health}'::text[] loop
    continue when to_regclass('public.' || name) is null;
    perform smarteros_0_2.remember(('public.' || name)::regclass);
    execute format('alter table public.%I set schema smarteros_0_2', name);
  end loop;
  if to_regclass('smarteros_0_2.tenants') is null then
    create table smarteros_0_2.tenants (id uuid primary key);
  end if;
end
$$;
