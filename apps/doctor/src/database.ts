import type { DatabaseState, Migration } from "@smarteros/observability/doctor";
import { connect } from "@smarteros/sql";

const timeoutMs = 10_000;

/** Reads the applied migrations, the partitions and the clock of a database in one read-only transaction. */
export async function readDatabase(url: string): Promise<DatabaseState> {
  const sql = connect(url);
  const late = setTimeout(() => void sql.end({ timeout: 0 }), timeoutMs);
  try {
    return await sql.begin("read only", async (transaction) => {
      await transaction`set local timezone = 'UTC'`;
      const [about] = await transaction<{ now: Date; has_migrations: boolean; has_definitions: boolean }[]>`
        select clock_timestamp() as now, to_regclass('smarteros.migrations') is not null as has_migrations,
          to_regclass('smarteros.definitions') is not null as has_definitions`;
      const applied = about?.has_migrations
        ? await transaction<
            Migration[]
          >`select version, name, sha256 from smarteros.migrations order by version`
        : [];
      const definitions = about?.has_definitions
        ? await transaction<Migration[]>`select name as version, name, sha256 from smarteros.definitions`
        : [];
      const bounds = await transaction<{ bound: string }[]>`
        select pg_get_expr(c.relpartbound, c.oid) as bound
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = to_regclass('public.mcp_invocations')`;
      return {
        applied: [...applied, ...definitions],
        partitions: bounds.flatMap(({ bound }) => rangeOf(bound)),
        now: about?.now ?? new Date(),
      };
    });
  } finally {
    clearTimeout(late);
    await sql.end({ timeout: 1 });
  }
}

// FOR VALUES FROM ('2026-01-31 00:00:00+00') TO ('2026-02-01 00:00:00+00'); the default partition has no bounds.
function rangeOf(bound: string): { from: string; to: string }[] {
  const [from, to] = [...bound.matchAll(/'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\+00'/g)].map(
    ([, date, time]) => `${date}T${time}Z`,
  );
  return from && to ? [{ from, to }] : [];
}
