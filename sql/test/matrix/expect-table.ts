import { expect } from "vitest";
import { type Reach, tables, views } from "./expectations.ts";
import type { Fixture, Row } from "./fixture.ts";
import type { Principal } from "./principals.ts";
import type { Outcome, Session } from "./transport.ts";

export type Case = { session: Session; principal: Principal; fixture: Fixture };

const refused = { sqlState: "42501" };

/** Tries every verb on a table, each column separately, and checks the effects as the superuser. */
export async function expectTable({ session, principal, fixture }: Case, table: string) {
  const expected = tables[table];
  if (!expected) throw new Error(`no expectations for ${table}`);
  const service = principal.who === "service";
  const { key = "id" } = expected;
  const { row, changed } = fixture.samples(principal.sub ?? [...fixture.rows.keys()][0] ?? "")[table] ?? {};
  if (!row || !changed) throw new Error(`no samples for ${table}`);

  await expectSelect();
  let before = await fixture.lastState();
  const refusals: (() => Promise<Outcome>)[] = [];
  await expectWrite(() => session.insert(table, row), service && expected.insert === "service");
  for (const column of expected.serviceMayNotInsert ?? []) {
    refusals.push(() => session.insert(table, { ...row, [column]: changed[column] }));
  }
  // An own row, each column separately, because a missing REVOKE would open single columns; then another user's row.
  for (const [index, target] of targets().entries()) {
    const columns = Object.entries(changed).map(([column, value]) => ({
      // Columns that the service may upsert get their old value, or the next change would not find the row.
      [column]:
        mayUpdate({ [column]: value }) && [key, "tenant_id"].includes(column) ? target[column] : value,
    }));
    const changes: Row[] = index === 0 ? columns : [changed];
    const update = (change: Row) => session.update(table, target[key], change, key);
    for (const change of changes) await expectWrite(() => update(change), mayUpdate(change));
    if (!(service && expected.serviceMayDelete)) refusals.push(() => session.remove(table, target[key], key));
  }
  const { truncate } = session;
  if (truncate) refusals.push(() => truncate(table));
  // All concurrently, because reading the state is slow: none of them may have changed anything.
  expect(await Promise.all(refusals.map((attempt) => attempt()))).toEqual(refusals.map(() => refused));
  expect(await fixture.state()).toEqual(before);

  async function expectSelect() {
    const rows = [...fixture.rows].map(([sub, of]) => ({ sub, id: of[table]?.[key] }));
    const found = await session.select(table, [...new Set(rows.map(({ id }) => id))], key);
    expectReach(found, expected?.select[principal.who] ?? "refused", rows);
  }

  function expectReach(found: Outcome, reach: Reach, rows: { sub: string; id: unknown }[]) {
    if (reach === "refused") return expect(found).toEqual(refused);
    const seen = rows.filter(({ sub }) => reach === "all" || (reach === "own" && sub === principal.sub));
    expect(ids(found, key)).toEqual([...new Set(seen.map(({ id }) => String(id)))].sort());
  }

  function mayUpdate(change: Row): boolean {
    return service && Object.keys(change).every((column) => expected?.serviceMayUpdate.includes(column));
  }

  function targets(): Row[] {
    const mine = principal.sub === undefined ? undefined : fixture.rows.get(principal.sub);
    const foreign = [...fixture.rows].find(([sub]) => sub !== principal.sub)?.[1];
    return [mine?.[table], foreign?.[table]].filter((target) => target !== undefined);
  }

  async function expectWrite(attempt: () => Promise<Outcome>, allowed: boolean) {
    if (!allowed) return refusals.push(attempt);
    expect(ids(await attempt())).toHaveLength(1);
    before = await fixture.state();
  }
}

/** Reads a view for every user's tenant: it must show the same as the tables below it. */
export async function expectView({ session, principal, fixture }: Case, view: string) {
  const expected = views[view];
  if (!expected) throw new Error(`no expectations for ${view}`);
  const tenants = [...fixture.rows].map(([sub, { tenants }]) => ({ sub, id: String(tenants?.id) }));
  const found = await session.select(
    view,
    tenants.map(({ id }) => id),
    expected.tenant,
  );
  const reach = expected.select[principal.who];
  if (reach === "refused") return expect(found).toEqual(refused);
  const seen = tenants.filter(({ sub }) => reach === "all" || (reach === "own" && sub === principal.sub));
  const shown = "rows" in found ? found.rows.map((row) => String(row[expected.tenant])) : undefined;
  expect([...new Set(shown)].sort()).toEqual(seen.map(({ id }) => id).sort());
}

/** Returns the returned ids in order. Fails on any error but a denial. */
export function ids(outcome: Outcome, key = "id"): string[] {
  if (!("rows" in outcome)) throw new Error(`refused with ${outcome.sqlState}`);
  return outcome.rows.map((row) => String(row[key])).sort();
}
