import type postgres from "postgres";

type ForeignKey = {
  name: string;
  table: string;
  columns: string[];
  target: string;
  targetColumns: string[];
};
export type Routine = {
  name: string;
  volatility: "i" | "s" | "v";
  returnsSet: boolean;
  returnsComposite: boolean;
  returnsVoid: boolean;
  parameters: { name: string; type: string; hasDefault: boolean }[];
};

/** The part of the schema `public` that PostgREST caches: src/library/PostgREST/SchemaCache.hs. */
export type Catalog = {
  columns: Map<string, { name: string; type: string }[]>;
  primaryKeys: Map<string, string[]>;
  foreignKeys: ForeignKey[];
  routines: Routine[];
};

/** Reads the catalog with a role that sees all of it. */
export async function readCatalog(sql: postgres.Sql): Promise<Catalog> {
  const columns = await sql<{ table: string; columns: { name: string; type: string }[] }[]>`
    select c.relname as table, jsonb_agg(jsonb_build_object('name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') group by 1`;
  const keys = await sql<(ForeignKey & { kind: string })[]>`
    select k.conname as name, t.relname as table, k.contype as kind, coalesce(f.relname, '') as target,
      (select array_agg(a.attname::text order by n.i) from unnest(k.conkey) with ordinality n (attnum, i)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = n.attnum) as columns,
      coalesce((select array_agg(a.attname::text order by n.i) from unnest(k.confkey) with ordinality n (attnum, i)
        join pg_attribute a on a.attrelid = f.oid and a.attnum = n.attnum), '{}') as "targetColumns"
    from pg_constraint k join pg_class t on t.oid = k.conrelid left join pg_class f on f.oid = k.confrelid
    where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'f')`;
  const routines = await sql<Routine[]>`
    select p.proname as name, p.provolatile as volatility, p.proretset as "returnsSet",
      t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false) as "returnsComposite",
      p.prorettype = 'void'::regtype as "returnsVoid",
      coalesce((select jsonb_agg(jsonb_build_object('name', p.proargnames[i], 'type', format_type(arg, null),
        'hasDefault', i > p.pronargs - p.pronargdefaults) order by i)
        from unnest(p.proargtypes) with ordinality as arguments (arg, i)), '[]') as parameters
    from pg_proc p join pg_type t on t.oid = p.prorettype
    where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'`;
  return {
    columns: new Map(columns.map(({ table, columns: list }) => [table, list])),
    primaryKeys: new Map(
      keys.filter(({ kind }) => kind === "p").map(({ table, columns: list }) => [table, list]),
    ),
    foreignKeys: keys.filter(({ kind }) => kind === "f"),
    routines: [...routines],
  };
}
