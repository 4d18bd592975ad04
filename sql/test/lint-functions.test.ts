import { describe, expect, test } from "vitest";
import { migrate } from "../src/index.ts";
import { problemsOf } from "./lint/problems.ts";
import { type SqlFunction, statementsOf } from "./lint/statements.ts";
import { newDatabase } from "./scratch.ts";

// Dynamic SQL that depends on the arguments. Reviewed: it only selects, and every value is a parameter.
const reviewed = ["public.search_invocations"];

async function functionsOfMigratedDatabase(): Promise<SqlFunction[]> {
  const { url, sql } = await newDatabase();
  await migrate({ url });
  return await sql<SqlFunction[]>`
    select format('%I.%I', n.nspname, p.proname) as name, l.lanname as language, p.prosrc as body,
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      pg_get_functiondef(p.oid) as definition
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where n.nspname in ('public', 'smarteros') and p.prokind = 'f' order by 1`;
}

test("no function of a migrated database does what a hosted project refuses", async () => {
  const functions = await functionsOfMigratedDatabase();
  expect(functions.length).toBeGreaterThan(70);
  expect(new Set(functions.map(({ language }) => language))).toEqual(new Set(["sql", "plpgsql"]));
  expect(await problemsOf(functions, reviewed)).toEqual([]);
});

describe("the lint finds", () => {
  const plpgsql = (body: string, volatility: SqlFunction["volatility"] = "volatile"): SqlFunction => ({
    name: "public.f",
    language: "plpgsql",
    volatility,
    body,
    definition: `create function public.f() returns integer language plpgsql as $f$ ${body} $f$`,
  });
  const sql = (body: string, volatility: SqlFunction["volatility"] = "volatile"): SqlFunction => ({
    name: "public.g",
    language: "sql",
    volatility,
    body,
    definition: "",
  });
  const unbounded = [/UPDATE or DELETE without WHERE/];
  const uncheckable = [/dynamic SQL that cannot be checked/];

  test.each([
    ["an update", plpgsql("begin update t set x = 1; return 1; end"), unbounded],
    ["a delete in a branch", plpgsql("begin if true then delete from t; end if; return 1; end"), unbounded],
    ["a delete in sql", sql("delete from t; select 1"), unbounded],
    ["an update in a with", sql("with u as (update t set x = 1 returning 1) select 1"), unbounded],
    ["a dynamic delete", plpgsql("begin execute format('delete from %I', 'x'); return 1; end"), unbounded],
    [
      "a dynamic update put together",
      plpgsql("begin execute 'update t ' || 'set x = 1'; return 1; end"),
      unbounded,
    ],
    [
      "a dynamic statement that depends on a variable",
      plpgsql("begin execute body; return 1; end"),
      uncheckable,
    ],
    [
      "a dynamic query of a loop",
      plpgsql("declare r record; begin for r in execute body loop null; end loop; return 1; end"),
      uncheckable,
    ],
    [
      "a dynamic query that is returned",
      plpgsql("begin return query execute concat('a', b); end"),
      uncheckable,
    ],
    [
      "a dynamic update with SQL in a place",
      plpgsql("begin execute format('update t set x = s.x from (%s) s', body); return 1; end"),
      unbounded,
    ],
    ["a stable insert", sql("insert into t values (1) returning 1", "stable"), [/is stable and writes/]],
    ["a stable lock of rows", sql("select x from t for update", "stable"), [/is stable and writes/]],
    [
      "an immutable update",
      plpgsql("begin update t set x = 1 where x = 2; return 1; end", "immutable"),
      [/is immutable and writes/],
    ],
  ])("%s", async (_name, given, found) => {
    const unreturned = {
      ...given,
      definition: given.definition.replace("returns integer", "returns setof integer"),
    };
    const plain = given.body.includes("return query") ? unreturned : given;
    expect(await problemsOf([plain])).toEqual(found.map((pattern) => expect.stringMatching(pattern)));
  });

  test("a stable function that writes through another one", async () => {
    const writer = sql("insert into t values (1)");
    const caller = plpgsql("begin perform public.g(); return 1; end", "stable");
    expect(await problemsOf([writer, caller])).toEqual(["public.f: is stable and writes: through public.g"]);
  });

  test("a reviewed function that writes after all, and one that has no dynamic SQL any more", async () => {
    const writing = plpgsql("begin query := concat('delete from t where ', x); execute query; return 1; end");
    const declared = {
      ...writing,
      definition: writing.definition.replace("begin", "declare query text; begin"),
    };
    expect(await problemsOf([declared], ["public.f"])).toHaveLength(1);
    expect(await problemsOf([sql("select 1")], ["public.g"])).toEqual([
      "public.g: is reviewed, but has no dynamic SQL",
    ]);
  });

  test("nothing in what is bounded, and in what a volatile function writes", async () => {
    const bounded = plpgsql(`
      declare n integer; r record;
      begin
        n := 1 = 2;
        update t set x = 1 where x = n;
        insert into t (x) values (1) on conflict (x) do update set x = 2;
        execute format('drop table %I.%I', 'a', 'b');
        for r in select 1 loop delete from t where x = r.x; end loop;
        return n;
      end`);
    expect(await problemsOf([bounded])).toEqual([]);
    expect((await statementsOf(bounded)).statements.length).toBeGreaterThan(5);
  });
});
