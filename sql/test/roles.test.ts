import { afterEach, describe, expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser, violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

const ruts = (count: number) => Array.from({ length: count }, anyRut);
const configure = (settings: object) =>
  asService((sql) => sql`select public.configure(${sql.json(settings as never)})`);
const can = async (role?: unknown) => {
  const metadata = role === undefined ? {} : { metadata: { role } };
  const claims = JSON.stringify({ sub: "user_x", role: "authenticated", ...metadata });
  const [row] = await superuser.begin(async (sql) => {
    await sql`select set_config('request.jwt.claims', ${claims}, true)`;
    return sql`select smarteros.role_of_claims() as role`;
  });
  return row?.role;
};

afterEach(() => superuser`delete from smarteros.settings`);

const create = (sub: string, rut: string, role?: string) =>
  asUser(sub, (sql) => sql<{ id: string }[]>`select id from public.create_tenant(${rut}, 'Demo')`, role);

describe("the role of a token", () => {
  test("is operator without the claim, or none when the settings say so", async () => {
    expect(await can()).toBe("operator");
    await configure({ default_role: "none" });
    expect(await can()).toBeNull();
    expect(await can("viewer")).toBe("viewer");
    expect(await sqlState(create(newOwner(), ruts(1)[0] as string))).toBe("42501");
  });

  test("is mapped from other names by the settings, and none for the rest", async () => {
    expect(await can("owner")).toBeNull();
    await configure({ role_map: { owner: "admin", user: "operator" } });
    expect(await can("owner")).toBe("admin");
    expect(await can("user")).toBe("operator");
    for (const role of ["root", "Owner", "", 1, ["owner"], { owner: 1 }]) expect(await can(role)).toBeNull();
  });

  test.each([
    [{ default_role: "admin" }, "settings_default_role"],
    [{ role_map: { viewer: "admin" } }, "settings_role_map"],
    [{ role_map: { owner: "root" } }, "settings_role_map"],
    [{ role_map: "owner:admin" }, "settings_role_map"],
    [{ max_tenants_per_owner: 0 }, "settings_max_tenants_per_owner"],
    [{ max_tenants_per_owner: "20" }, "settings_max_tenants_per_owner"],
    [{ other: 1 }, "settings_other"],
    [[], "settings_object"],
  ])("is configured by %j alone where that is a value: %s", async (settings, constraint) => {
    expect(await violated(configure(settings))).toBe(constraint);
  });

  test("is configured only by the service", async () => {
    const asAdmin = asUser(
      newOwner(),
      (sql) => sql`select public.configure('{"default_role": "operator"}')`,
      "admin",
    );
    expect(await sqlState(asAdmin)).toBe("42501");
  });
});

describe("support", () => {
  test("reads and changes all tenants, without the capabilities audit and admin", async () => {
    const [owner, support] = [newOwner(), newOwner("support")];
    const [tenant] = await create(owner, ruts(1)[0] as string);
    const id = tenant?.id as string;
    const seen = await asUser(
      support,
      (sql) => sql`select clerk_user_id from public.list_tenants() where id = ${id}`,
      "support",
    );
    expect([...seen]).toEqual([{ clerk_user_id: owner }]);
    const merged = asUser(
      support,
      (sql) => sql`select from public.merge_services(${id}, '{"crm": true}')`,
      "support",
    );
    expect(await merged).toHaveLength(1);
    for (const table of ["tenant_events", "tenant_services"])
      expect(
        (
          await asUser(
            support,
            (sql) => sql`select from public.${sql(table)} where tenant_id = ${id}`,
            "support",
          )
        ).length,
      ).toBeGreaterThan(0);
    await asService(
      (sql) =>
        sql`select public.record_invocations(${sql.json([{ user_id: owner, tool: "x", duration_ms: 1 }])})`,
    );
    const calls = asUser(
      support,
      (sql) => sql`select from public.mcp_invocations where user_id = ${owner}`,
      "support",
    );
    expect(await calls).toHaveLength(0);
    const handOver = asUser(
      support,
      (sql) => sql`select public.hand_over_tenants(${owner}, ${support})`,
      "support",
    );
    expect(await sqlState(handOver)).toBe("42501");
  });
});

describe("how many tenants one owner may have", () => {
  test("is 20 of a thousand concurrent requests, and administrators have no limit", async () => {
    const [owner, admin] = [newOwner(), newOwner("admin")];
    const outcomes = await Promise.all(ruts(1000).map((rut) => violated(create(owner, rut))));
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === "quota_exceeded")).toHaveLength(980);
    // Workers act on events: without an event no request is sent to a vendor.
    const [events] = await superuser`select count(*)::int as count from public.tenant_events e
      join public.tenants t on t.id = e.tenant_id where t.clerk_user_id = ${owner}`;
    expect(events?.count).toBe(20);
    for (const rut of ruts(21)) await create(admin, rut, "admin");
  }, 120_000);

  test("is set by the settings, and a tenant counts for 30 days after its deletion", async () => {
    await configure({ max_tenants_per_owner: 2 });
    const owner = newOwner();
    const [first, second, third, fourth] = ruts(4) as [string, string, string, string];
    const [tenant] = await create(owner, first);
    await create(owner, second);
    const id = tenant?.id as string;
    await asUser(owner, (sql) => sql`select from public.set_tenant_active(${id}, false)`);
    expect(await violated(create(owner, third))).toBe("quota_exceeded");
    await superuser`update public.tenants set deleted_at = now() - interval '31 days' where id = ${id}`;
    await create(owner, third);
    const restored = asUser(owner, (sql) => sql`select from public.set_tenant_active(${id}, true)`);
    expect(await violated(restored)).toBe("quota_exceeded");
    expect(await violated(create(owner, fourth))).toBe("quota_exceeded");
  });
});

describe("handing over", () => {
  type Result = { handedOver: string[]; conflicts: string[]; notFound: string[]; more: boolean };
  async function handOver(
    from: string,
    to: string,
    ids: string[] | null,
    dryRun: boolean,
    admin = newOwner("admin"),
  ) {
    const [row] = await asUser(
      admin,
      (sql) =>
        sql<
          [{ result: Result }]
        >`select public.hand_over_tenants(${from}, ${to}, ${ids}, ${dryRun}) as result`,
      "admin",
    );
    return row.result;
  }

  test("gives all of an owner's tenants to another, except RUTs that the other has, with a record of each", async () => {
    const [from, to, admin] = [newOwner(), newOwner(), newOwner("admin")];
    const [one, two, twin] = ruts(3) as [string, string, string];
    const made: string[] = [];
    for (const rut of [one, two, twin]) made.push((await create(from, rut))[0]?.id as string);
    await create(to, twin);
    const [a, b, c] = made as [string, string, string];
    const wanted = { handedOver: [a, b].sort(), conflicts: [c], notFound: [], more: false };
    expect(await handOver(from, to, null, true, admin)).toEqual(wanted);
    const owners = () =>
      superuser`select clerk_user_id from public.tenants where id = any (${made}) order by 1`;
    expect(new Set((await owners()).map((row) => row.clerk_user_id))).toEqual(new Set([from]));
    expect(await handOver(from, to, null, false, admin)).toEqual(wanted);
    expect((await owners()).filter((row) => row.clerk_user_id === to)).toHaveLength(2);
    const rows = await superuser`select tenant_id, recorded_by from public.mcp_invocations
      where user_id = ${admin} and tool = 'tenants.handOver' order by 1`;
    expect(rows.map((row) => row.tenant_id).sort()).toEqual([a, b].sort());
    expect(rows.every((row) => row.recorded_by === "service")).toBe(true);
    const events =
      await superuser`select from public.tenant_events where type = 'tenant.handed_over' and tenant_id = any (${made})`;
    expect(events).toHaveLength(2);
  });

  test("affects only tenants of the named owner", async () => {
    const [from, to, other] = [newOwner(), newOwner(), newOwner()];
    const [rut, foreign] = ruts(2) as [string, string];
    const [[mine], [theirs]] = [await create(from, rut), await create(other, foreign)];
    const ids = [mine?.id as string, theirs?.id as string];
    expect(await handOver(from, to, ids, false)).toMatchObject({ handedOver: [ids[0]], notFound: [ids[1]] });
  });

  test.each([
    ["", "b"],
    ["a", " "],
    ["a", "a"],
  ])("refuses the owners '%s' and '%s'", async (from, to) => {
    expect(await violated(handOver(from, to, null, true))).toBe("hand_over_owners");
  });
});
