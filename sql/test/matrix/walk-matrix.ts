import { describe, test } from "vitest";
import type { Door } from "./door.ts";
import { expectFunction } from "./expect-function.ts";
import { expectTable, expectView } from "./expect-table.ts";
import { functions, tables, views } from "./expectations.ts";
import { newFixture } from "./fixture.ts";
import { newPrincipals } from "./principals.ts";

/** Walks through every table, view and function as every principal, through one door. */
export function walkMatrix(door: Door) {
  const principals = newPrincipals();
  const fixture = newFixture(principals);

  describe.each(principals)("$name", (principal) => {
    test.each(Object.keys(tables))("table %s", async (table) => {
      await expectTable({ session: await door.enter(principal), principal, fixture: await fixture }, table);
    });

    test.each(Object.keys(views))("view %s", async (view) => {
      await expectView({ session: await door.enter(principal), principal, fixture: await fixture }, view);
    });

    test.each(Object.keys(functions))("function %s", async (name) => {
      await expectFunction({ session: await door.enter(principal), principal, fixture: await fixture }, name);
    });
  });
}
