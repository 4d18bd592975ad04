import { describe, expect, test } from "vitest";
import { superuser } from "./embedded.ts";
import { functions, tables, views } from "./matrix/expectations.ts";
import { newFixture } from "./matrix/fixture.ts";

describe("the matrix", () => {
  test("contains every table and view of the exposed schema", async () => {
    const found = await superuser<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`;
    expect(found.map(({ name }) => name).sort()).toEqual(
      [...Object.keys(tables), ...Object.keys(views)].sort(),
    );
  });

  test("finds every view to be read with the caller's privileges", async () => {
    const found = await superuser<{ name: string; options: string[] | null }[]>`
      select relname as name, reloptions as options from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'v'`;
    for (const { name, options } of found) expect([name, options]).toEqual([name, ["security_invoker=true"]]);
  });

  test("contains every column that can be updated", async () => {
    const found = await superuser<{ table: string; columns: string[] }[]>`
      select attrelid::regclass::text as table, array_agg(attname order by attname) as columns
      from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped
        and attidentity <> 'a'
      group by attrelid`;
    const samples = (await newFixture([{ name: "somebody", who: "operator", sub: "user_columns" }])).samples(
      "user_columns",
    );
    const columns = Object.entries(samples).map(([table, { changed }]) => [
      table,
      Object.keys(changed).sort(),
    ]);
    expect(Object.fromEntries(found.map((row) => [row.table, row.columns]))).toEqual(
      Object.fromEntries(columns),
    );
  });

  test("contains every function of the exposed schema once", async () => {
    const found = await superuser<{ name: string }[]>`
      select proname as name from pg_proc where pronamespace = 'public'::regnamespace`;
    expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(functions).sort());
  });
});
