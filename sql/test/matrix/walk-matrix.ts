import { describe, test } from "vitest";
import { expectFunction } from "./expect-function.ts";
import { expectTable, expectView } from "./expect-table.ts";
import { functions, tables, views } from "./expectations.ts";
import { newFixture } from "./fixture.ts";
import { newPrincipals } from "./principals.ts";
import type { Transport } from "./transport.ts";

/** Tests every table, view and function as every principal through one transport. */
export function walkMatrix(transport: Transport) {
  const principals = newPrincipals();
  const fixture = newFixture(principals);

  describe.each(principals)("$name", (principal) => {
    test.each(Object.keys(tables))("table %s", async (table) => {
      await expectTable(
        { session: await transport.enter(principal), principal, fixture: await fixture },
        table,
      );
    });

    test.each(Object.keys(views))("view %s", async (view) => {
      await expectView(
        { session: await transport.enter(principal), principal, fixture: await fixture },
        view,
      );
    });

    test.each(Object.keys(functions))("function %s", async (name) => {
      await expectFunction(
        { session: await transport.enter(principal), principal, fixture: await fixture },
        name,
      );
    });
  });
}
