import { randomUUID } from "node:crypto";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { describe, expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { call, newTenant, outcome, post } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

const { local } = inject("web");
const { sql } = database();
const name = "tenants.create";
const create = (more: object) => ({ rut: newRut(), businessName: "Viña Ñuñoa", ...more });
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("what does not fit is refused, and the answer names the place", () => {
  test.each<[string, string, unknown, string]>([
    ["an unknown argument", name, create({ owner: "user_x" }), "owner"],
    ["an owner of one's own choice", name, create({ clerk_user_id: "user_x" }), "clerk_user_id"],
    ["an unknown flag", name, create({ services: { crm: true, sap: true } }), "services.sap"],
    ["a flag that is no boolean", name, create({ services: { crm: "true" } }), "services.crm"],
    ["a flag that is null", name, create({ services: { crm: null } }), "services.crm"],
    ["no flag at all", "tenants.updateServices", { id: randomUUID(), services: {} }, "services"],
    ["an id that is none", "tenants.get", { id: "1 or 1=1" }, "id"],
    ["an id with a filter behind it", "tenants.get", { id: `${randomUUID()}&active=eq.true` }, "id"],
    ["an id in a list", "tenants.get", { id: [randomUUID()] }, "id"],
    ["an empty name", name, create({ businessName: "  \t " }), "businessName"],
    [
      "a name of a megabyte, near enough",
      name,
      create({ businessName: "x".repeat(200_000) }),
      "businessName",
    ],
    ["a name with a line break", name, create({ businessName: "Viña\nÑuñoa" }), "businessName"],
    ["a name with NUL", name, create({ businessName: "Viña\u0000" }), "businessName"],
    ["a name with an escape", name, create({ businessName: "Viña\u001b[31m" }), "businessName"],
    [
      "a name that turns the direction of text",
      name,
      create({ businessName: "Viña \u202Eoñuñ" }),
      "businessName",
    ],
    ["a name of one emoji", name, create({ businessName: "🍇" }), "businessName"],
    ["a name with half of a pair", name, create({ businessName: "Viña \ud800" }), "businessName"],
    ["a page of none", "tenants.list", { limit: 0 }, "limit"],
    ["a page of too many", "tenants.list", { limit: 101 }, "limit"],
    ["a page of a part", "tenants.list", { limit: 1.5 }, "limit"],
    ["a page in text", "tenants.list", { limit: "10" }, "limit"],
    ["a search that is too long", "tenants.list", { search: "x".repeat(121) }, "search"],
    ["a search with NUL", "tenants.list", { search: "a\u0000b" }, "search"],
    ["a search with half of a pair", "tenants.list", { search: "a\ud800b" }, "search"],
    ["a cursor that is none", "tenants.list", { cursor: "abc" }, "cursor"],
    ["a cursor with SQL", "tenants.list", { cursor: cursor("now()) or true --", randomUUID()) }, "cursor"],
    [
      "a cursor with a filter",
      "tenants.list",
      { cursor: cursor("2026-01-01T00:00:00Z,or=(id.gt.0)", randomUUID()) },
      "cursor",
    ],
    ["a cursor with a wrong id", "tenants.list", { cursor: cursor("2026-01-01T00:00:00Z", "x") }, "cursor"],
    [
      "a cursor of the year nought",
      "tenants.list",
      { cursor: cursor("0000-01-01T00:00:00Z", randomUUID()) },
      "cursor",
    ],
    [
      "a cursor in no time zone",
      "tenants.list",
      { cursor: cursor("2026-01-01T00:00:00+23:59", randomUUID()) },
      "cursor",
    ],
  ])("%s", async (_what, tool, args, path) => {
    const answer = await call(local, await tokenOf(local), tool, args);
    expect(outcome(answer)).toEqual([400, "invalid_input"]);
    expect(answer.body.issues.map((issue) => issue.path)).toContain(path);
    expect(answer.text.length).toBeLessThan(3_000);
  });

  test.each([
    ["a list", "[]"],
    ["null", "null"],
    ["a string", '"{}"'],
    ["a number", "1"],
    ["__proto__ as a key", '{"__proto__":{"includeInactive":true}}'],
    ["constructor as a key", '{"constructor":{"prototype":{"limit":1}}}'],
    ["a tree of 50 000 levels", `{"search":${deep(50_000)}}`],
    ["a tree of 50 000 levels under an unknown key", `{"x":${deep(50_000)}}`],
    [
      "20 000 unknown keys",
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1]))),
    ],
  ])("args that are %s", async (_what, args) => {
    const answer = await post(local, await tokenOf(local), `{"name":"tenants.list","args":${args}}`);
    expect(outcome(answer)).toEqual([400, "invalid_input"]);
    expect(answer.text.length).toBeLessThan(5_000);
  });

  test("a prototype in a flag does not switch anything on", async () => {
    const token = await tokenOf(local);
    const { id } = await newTenant(local, token);
    const body = `{"name":"tenants.updateServices","args":{"id":"${id}","services":{"bot":true,"__proto__":{"crm":true}}}}`;
    expect(outcome(await post(local, token, body))).toEqual([400, "invalid_input"]);
    const after = await call(local, token, "tenants.get", { id });
    expect(after.body.result.tenant.services_enabled).toEqual({
      crm: false,
      bot: false,
      erp: false,
      workflows: false,
      kpi: false,
    });
  });

  test.each([
    "tenants.drop",
    "TENANTS.LIST",
    "tenants__list",
    " tenants.list",
    "tenants.list ",
    "__proto__",
    "constructor",
    "toString",
    "../tenants.list",
    "tenants.list\u0000",
    "\ud800",
    "💥".repeat(1_000),
    "' or 1=1 --",
  ])("no tool is found by the name %j", async (unknown) => {
    const answer = await call(local, await tokenOf(local), unknown);
    expect(outcome(answer)).toEqual([404, "tool_not_found"]);
    expect(answer.text.length).toBeLessThan(1_000);
  });
});

describe("what is searched for is text and nothing else", () => {
  test.each([
    "%",
    "_",
    "*",
    "'",
    "' or '1'='1",
    "\\",
    "a,rut.eq.1)",
    "(",
    "{}",
    "x'; drop table tenants; --",
    "eq.true",
    "\u{1F347}",
  ])("%j", async (search) => {
    const token = await tokenOf(local);
    await newTenant(local, token);
    const answer = await call(local, token, "tenants.list", { search });
    expect(outcome(answer)).toEqual([200, "ok"]);
    expect(answer.body.result.tenants).toEqual([]);
  });

  test("and it is found as it was written", async () => {
    const token = await tokenOf(local);
    const businessName = `O'Higgins & "Cía." 100%_\\ <b>ñ</b> ${"💥"}`;
    const created = await call(local, token, "tenants.create", { rut: newRut(), businessName });
    expect(created.body.result.tenant.business_name).toBe(businessName);
    for (const search of ["o'higgins", "cia.", "100%_", "<b>N"]) {
      const { tenants } = (await call(local, token, "tenants.list", { search })).body.result;
      expect(tenants.map(({ business_name }) => business_name)).toEqual([businessName]);
    }
  });
});

describe("one after the other and all at once", () => {
  test("of ten who create the same tenant, one does, and the others are shown it", async () => {
    const token = await tokenOf(local);
    const rut = newRut();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        call(local, token, "tenants.create", { rut, businessName: "Una sola" }),
      ),
    );
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect(outcome(answer)).toEqual([409, "conflict"]);
      expect(answer.body.existingId).toBe(made[0]?.body.result.tenant.id);
    }
    expect((await call(local, token, "tenants.list")).body.result.tenants).toHaveLength(1);
  });

  test("five who switch a flag each leave all five on", async () => {
    const token = await tokenOf(local);
    const { id } = await newTenant(local, token);
    const flags = ["crm", "bot", "erp", "workflows", "kpi"];
    await Promise.all(
      flags.map((flag) => call(local, token, "tenants.updateServices", { id, services: { [flag]: true } })),
    );
    const { tenant } = (await call(local, token, "tenants.get", { id })).body.result;
    expect(tenant.services_enabled).toEqual(Object.fromEntries(flags.map((flag) => [flag, true])));
  });

  test("a tenant is deleted, made anew, and then not restored over its twin", async () => {
    const token = await tokenOf(local);
    const rut = newRut();
    const { id } = await newTenant(local, token, rut);
    for (let time = 0; time < 2; time++)
      expect((await call(local, token, "tenants.delete", { id })).body.result.tenant.active).toBe(false);
    const switched = await call(local, token, "tenants.updateServices", { id, services: { crm: true } });
    expect(outcome(switched)).toEqual([409, "conflict"]);
    const twin = await newTenant(local, token, rut);
    const restored = await call(local, token, "tenants.restore", { id });
    expect(outcome(restored)).toEqual([409, "conflict"]);
    expect(restored.body.existingId).toBe(twin.id);
  });

  test("a deletion may ask for the services to be switched off, also afterwards", async () => {
    const token = await tokenOf(local);
    const { id } = await newTenant(local, token);
    const asked = () =>
      sql`select type from public.tenant_events where tenant_id = ${id} and type = 'tenant.deprovision_requested'`;
    const wrong = await call(local, token, "tenants.delete", { id, deprovision: "yes" });
    expect(outcome(wrong)).toEqual([400, "invalid_input"]);
    expect(wrong.body.issues[0]?.path).toBe("deprovision");
    await call(local, token, "tenants.delete", { id, deprovision: false });
    expect(await asked()).toHaveLength(0);
    const answer = await call(local, token, "tenants.delete", { id, deprovision: true });
    expect(answer.body.result.tenant.active).toBe(false);
    expect(await asked()).toHaveLength(1);
  });

  test("pages hold every tenant once, newest first", async () => {
    const token = await tokenOf(local, newUser());
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.unshift((await newTenant(local, token)).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { result } = (await call(local, token, "tenants.list", { limit: 2, ...(cursor && { cursor }) }))
        .body;
      seen.push(...result.tenants.map(({ id }) => id));
      cursor = result.nextCursor;
    } while (cursor);
    expect(seen).toEqual(made);
  });
});
