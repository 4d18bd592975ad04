import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { call, outcome, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

// `GET /api/audit/export` and the page that offers it, on the built app and the embedded database.

const { local, clerk } = inject("web");
const { sql } = database();
const user = newUser();
const count = 1_203;

const get = (token: string | undefined, query: string, headers: Record<string, string> = {}) =>
  send(local, `/api/audit/export${query}`, {
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
  });
const lines = (text: string) => text.split("\n").filter(Boolean);

beforeAll(async () => {
  const started = Date.now() - 3_600_000;
  // Three of each second: pages must not lose or double those that share a moment.
  const rows = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    user_id: user,
    tool: index === 7 ? "=HYPERLINK(1)" : "tenants.get",
    args: JSON.stringify({ id: index, note: 'ñandú, "quoted"\nand broken' }),
    result: "{}",
    duration_ms: 1,
    success: index !== 7,
    code: index === 7 ? "tool_not_found" : "ok",
    created_at: new Date(started + Math.floor(index / 3) * 1_000),
    request_id: `${user}-${index}`,
  }));
  await sql`insert into mcp_invocations ${sql(rows)}`;
});

describe("the export", () => {
  test("has every call once, newest first, as NDJSON", async () => {
    const { status, headers, text } = await get(await tokenOf(local, user), "?format=ndjson");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="audit-[\d-]+\.ndjson"$/);
    expect(headers.get("cache-control")).toBe("no-store");
    const calls = lines(text).map((line) => JSON.parse(line));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(count);
    expect(calls).toHaveLength(count);
    const times = calls.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(calls.at(-1)).toMatchObject({ userId: user, args: { note: 'ñandú, "quoted"\nand broken' } });
  });

  test("has the same as CSV, in which no value is a formula", async () => {
    const { headers, text } = await get(await tokenOf(local, user), "?format=csv");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const rows = text.split("\r\n");
    expect(rows[0]).toMatch(/^\ufeff?id,at,userId,tool,/);
    expect(rows.filter(Boolean)).toHaveLength(count + 1);
    expect(text).toContain(`"'=HYPERLINK(1)"`);
    expect(text).not.toMatch(/[,"]=HYPERLINK/);
  });

  test("has what the filters find", async () => {
    const token = await tokenOf(local, user);
    const { text } = await get(token, "?status=failed");
    expect(lines(text).map((line) => JSON.parse(line))).toMatchObject([{ requestId: `${user}-7` }]);
    expect((await get(token, `?request=${user}-9&format=ndjson`)).text.trim().split("\n")).toHaveLength(1);
    expect((await get(token, "?from=2099-01-01T00:00:00Z")).text).toBe("");
  });

  test("is one's own, whomever one asks for, and everybody's to an auditor", async () => {
    const other = await tokenOf(local);
    expect((await get(other, `?user=${user}`)).text).toBe("");
    expect((await get(other, `?request=${user}-9`)).text).toBe("");
    const auditor = await tokenOf(local, newUser(), "auditor");
    expect(lines((await get(auditor, `?user=${user}`)).text)).toHaveLength(count);
  });

  test("is for nobody without a credential, nor for another site", async () => {
    expect(outcome(await get(undefined, ""))).toEqual([401, "unauthorized"]);
    const Cookie = `__session=${await tokenOf(local, user)}`;
    expect((await get(undefined, "?status=failed", { Cookie })).status).toBe(200);
    const foreign = await get(undefined, "", { Cookie, "Sec-Fetch-Site": "cross-site" });
    expect(outcome(foreign)).toEqual([403, "forbidden"]);
  });

  test.each([
    ["?format=xlsx", "format"],
    ["?format=constructor", "format"],
    ["?tenant=1", "tenantId"],
    ["?from=yesterday", "from"],
    ["?id=1", "id"],
  ])("%s is refused by the field %s", async (query, path) => {
    const answer = await get(await tokenOf(local, user), query);
    expect(outcome(answer)).toEqual([400, "invalid_input"]);
    expect(answer.body.issues).toMatchObject([{ path }]);
  });
});

describe("the tool audit.search", () => {
  test.each([["local"], ["clerk"]] as const)("reads as the caller, with %s identity", async (kind) => {
    const web = inject("web")[kind];
    const auditor = await tokenOf(web, newUser(), "auditor");
    const found = await call(web, auditor, "audit.search", { user, status: "tool_not_found" });
    expect(outcome(found)).toEqual([200, "ok"]);
    expect(found.body.result).toMatchObject({ calls: [{ userId: user, code: "tool_not_found" }] });
    expect(outcome(await call(web, await tokenOf(web, user), "audit.search", {}))).toEqual([
      403,
      "forbidden",
    ]);
  });
});

describe("the page", () => {
  const page = async (token: string, query = "") =>
    (
      await send(clerk, `/dashboard/audit${query}`, {
        headers: { Cookie: `__session=${token}; __client_uat=1` },
      })
    ).text;

  test("shows one's own, and to an auditor anybody's", async () => {
    const own = await page(await tokenOf(clerk, user), `?request=${user}-9`);
    expect(own).toContain(`${user}-9`);
    expect(own).not.toContain('name="user"');
    expect(await page(await tokenOf(clerk), `?request=${user}-9`)).toContain(
      "Ninguna llamada registrada coincide.",
    );
    const auditor = await tokenOf(clerk, newUser(), "auditor");
    expect(await page(auditor, `?user=${user}`)).toContain("Página siguiente");
  });

  test.each(["?from=yesterday", "?tenant=1", "?cursor=nonsense", "?status=%3Cscript%3E"])(
    "says that %s makes no sense",
    async (query) => {
      const text = await page(await tokenOf(clerk), query);
      expect(text).toMatch(/no tiene sentido|nombra una página que no existe/);
      expect(text).not.toContain('value="<script>');
    },
  );
});
