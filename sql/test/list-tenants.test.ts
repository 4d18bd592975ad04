import { expect, test } from "vitest";
import { asUser, newOwner, superuser } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

type Page = { id: string; business_name: string; at: string }[];
type Query = {
  limit?: number;
  before?: string;
  beforeId?: string;
  inactive?: boolean;
  search?: string;
  owner?: string;
};

function list(sub: string, query: Query = {}, role?: string) {
  const { limit = 50, before = null, beforeId = null, inactive = false, search = null, owner = null } = query;
  return asUser(
    sub,
    (sql) => sql<Page>`
      select id, business_name, created_at::text as at
      from public.list_tenants(${limit}, ${before}, ${beforeId}, ${inactive}, ${search}, ${owner})`,
    role,
  );
}

async function add(sub: string, name: string, more: { at?: string; rut?: string; deleted?: boolean } = {}) {
  const deletedAt = more.deleted ? "2025-03-01T00:00:00Z" : null;
  await superuser`
    insert into public.tenants (rut, business_name, clerk_user_id, created_at, active, deleted_at)
    values (${more.rut ?? anyRut()}, ${name}, ${sub}, ${more.at ?? new Date().toISOString()}, ${!deletedAt}, ${deletedAt})`;
}

const names = async (page: Promise<Page>) => (await page).map((row) => row.business_name);

test("pages show every tenant once, newest first, also those with the same time", async () => {
  const sub = newOwner();
  for (let index = 0; index < 23; index += 1) {
    await add(sub, `Demo ${index}`, { at: `2025-01-01T00:00:00.00000${Math.floor(index / 6)}Z` });
  }
  const seen: Page = [];
  for (let page = await list(sub, { limit: 5 }); page.length > 0; ) {
    seen.push(...page);
    const last = page.at(-1);
    page = await list(sub, { limit: 5, before: last?.at, beforeId: last?.id });
  }
  expect(new Set(seen.map(({ id }) => id)).size).toBe(23);
  const order = seen.map(({ at, id }) => `${at} ${id}`);
  expect(order).toEqual([...order].sort().reverse());
});

test("deleted tenants are left out unless requested", async () => {
  const sub = newOwner();
  await add(sub, "Here", { at: "2025-01-02T00:00:00Z" });
  await add(sub, "Gone", { at: "2025-01-01T00:00:00Z", deleted: true });
  expect(await names(list(sub))).toEqual(["Here"]);
  expect(await names(list(sub, { inactive: true }))).toEqual(["Here", "Gone"]);
});

test.each([
  ["nandu", true],
  ["ÑANDÚ", true],
  ["n\u0303andu\u0301", true],
  ["  cía  ", true],
  ["CIA. L", true],
  ["", true],
  [" ", true],
  ["76086428-5", true],
  ["76.086.428-5", true],
  ["76 086 428", true],
  ["086.4", true],
  ["960864", false],
  ["%", false],
  ["_", false],
  ["Ñ_ndú", false],
  ["\\", false],
  ["'", false],
  ["-", false],
  [".", true],
  ["..", false],
  ["(", false],
  ["[a-z]*", false],
  ["') or true --", false],
])("a search for %j", async (search, finds) => {
  const sub = newOwner();
  await add(sub, "Ñandú y Cía. Ltda", { rut: "76086428-5" });
  expect(await names(list(sub, { search }))).toEqual(finds ? ["Ñandú y Cía. Ltda"] : []);
});

test("a check digit K is found in both cases", async () => {
  const sub = newOwner();
  await add(sub, "Demo", { rut: "1000005-K" });
  expect(await names(list(sub, { search: "1.000.005-k" }))).toEqual(["Demo"]);
});

test("naming an owner shows no more than row level security does", async () => {
  const mine = newOwner();
  const theirs = newOwner();
  await add(mine, "Mine");
  await add(theirs, "Theirs");
  expect(await names(list(mine))).toEqual(["Mine"]);
  expect(await names(list(mine, { owner: theirs }))).toEqual([]);
  expect(await names(list(mine, { owner: theirs }, "admin"))).toEqual(["Theirs"]);
  expect(await names(list(mine, { owner: "" }))).toEqual([]);
});

test("a page has at least one row and at most 200", async () => {
  const sub = newOwner();
  await superuser`
    insert into public.tenants (rut, business_name, clerk_user_id, active, deleted_at)
    select '76086428-5', 'Demo', ${sub}, false, now() from generate_series(1, 250)`;
  expect(await list(sub, { limit: -1, inactive: true })).toHaveLength(1);
  expect(await list(sub, { limit: 1_000_000, inactive: true })).toHaveLength(200);
});
