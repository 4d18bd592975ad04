import { randomBytes, randomUUID } from "node:crypto";
import { encodeCursor } from "@smarteros/core/cursor";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { database } from "./database.ts";
import { outcome, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

// `POST /api/alerts` and the page that sends its forms, on the built app and the embedded database.

const { local, clerk } = inject("web");
const { sql } = database();
const secret = randomBytes(32).toString("base64");

async function post(
  form: Record<string, string>,
  token?: string,
  headers: Record<string, string> = {},
  server = local,
) {
  return send(server, "/api/alerts", {
    method: "POST",
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
    body: new URLSearchParams(form),
  });
}
const admin = (server = local) => tokenOf(server, newUser(), "admin");
const location = (answer: { headers: Headers }) =>
  Object.fromEntries(new URL(answer.headers.get("location") ?? "", "http://x").searchParams);

describe("who may change alerts", () => {
  const form = { action: "save-rule", kind: "probe", id: "nobody-made-this" };

  test.each(["viewer", "operator", "auditor"])("a %s may not", async (role) => {
    const answer = await post(form, await tokenOf(local, newUser(), role));
    expect(outcome(answer)).toEqual([403, "forbidden"]);
    expect(answer.body).toMatchObject({ required: "admin" });
  });

  test("nobody may not, nor an unknown role, nor another site with an administrator's cookie", async () => {
    expect(outcome(await post(form))).toEqual([401, "unauthorized"]);
    const unknown = await tokenOf(local, newUser(), "owner");
    expect(outcome(await post(form, unknown))).toEqual([403, "forbidden"]);
    const cookie = { Cookie: `__session=${await admin()}` };
    for (const [name, value] of [
      ["Origin", "https://evil.example"],
      ["Sec-Fetch-Site", "cross-site"],
    ] as const)
      expect(outcome(await post(form, undefined, { ...cookie, [name]: value }))).toEqual([403, "forbidden"]);
    expect(await sql`select from public.alert_rules where id = 'nobody-made-this'`).toHaveLength(0);
  });

  test("the page shows an operator nothing of them, and an auditor no form", async () => {
    const page = async (role: string) => {
      const cookie = `__session=${await tokenOf(local, newUser(), role)}`;
      return (await send(local, "/dashboard/alerts", { headers: { Cookie: cookie } })).text;
    };
    expect(await page("operator")).not.toContain("tool-errors");
    const auditors = await page("auditor");
    expect(auditors).toContain("tool-errors");
    expect(auditors).not.toContain('action="/api/alerts"');
    expect(await page("admin")).toContain('action="/api/alerts"');
  });
});

test("the page shows what is open and what was, and what a service says of itself as text", async () => {
  const group = `g-${randomUUID()}`;
  const why = "<img src=x onerror=alert(1)> \u202egnp.exe";
  const subjects = sql.json([{ rule: "web", subject: "web", why }]);
  await sql`insert into public.alert_incidents (id, alert_group, opened_at, closed_at, subjects) values
    (${`${group}-open`}, ${`${group}-open`}, now(), null, ${subjects}),
    (${`${group}-closed`}, ${`${group}-closed`}, now() - interval '1 hour', now(), ${subjects})`;
  onTestFinished(async () => {
    await sql`delete from public.alert_incidents where alert_group like ${`${group}%`}`;
  });
  const cookie = `__session=${await tokenOf(local, newUser(), "auditor")}`;
  const { text } = await send(local, "/dashboard/alerts", { headers: { Cookie: cookie } });
  const html = text.slice(0, text.indexOf("</main>"));
  const [open = "", closed = ""] = [`${group}-open`, `${group}-closed`].map((name) =>
    html.slice(html.indexOf(name)),
  );
  expect(html.indexOf(`${group}-open`)).toBeGreaterThan(0);
  expect(open.length).toBeGreaterThan(closed.length);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(html).not.toContain("<img src=x");
  expect(html).not.toContain("\u202e");
});

test("what was told and what was open goes on page by page, each row once", async () => {
  const group = `p-${randomUUID()}`;
  const name = `target-${group}`;
  const [{ id: target }] = await sql<[{ id: string }]>`
    insert into public.alert_targets (name, kind, address, created_by, removed_at)
    values (${name}, 'slack', 'x', 'test', now()) returning id`;
  // All of one moment in the future: the newest there are, told apart by their ids alone.
  await sql`insert into public.alert_deliveries (notification, target_id, kind, payload, created_at)
    select ${group} || n, ${target}, 'opened', jsonb_build_object('group', ${group}::text || '-' || n), now() + interval '1 day'
    from generate_series(10, 69) n`;
  await sql`update public.alert_deliveries set state = 'failed', finished_at = now() where target_id = ${target}`;
  await sql`insert into public.alert_incidents (id, alert_group, opened_at, closed_at, subjects)
    select ${group} || '-' || n || '@1', ${group} || '-' || n, now() + interval '1 day', now() + interval '2 days', '[]'
    from generate_series(10, 69) n`;
  onTestFinished(async () => {
    await sql`delete from public.alert_deliveries where target_id = ${target}`;
    await sql`delete from public.alert_incidents where alert_group like ${`${group}%`}`;
  });
  const Cookie = `__session=${await tokenOf(local, newUser(), "auditor")}`;
  for (const list of ["deliveries", "history"]) {
    const seen: string[] = [];
    let address = "/dashboard/alerts";
    for (let pages = 0; pages < 3; pages++) {
      const { text } = await send(local, address, { headers: { Cookie } });
      const html = text.slice(text.indexOf(`<section id="${list}"`));
      const section = html.slice(0, html.indexOf("</section>"));
      seen.push(...(section.match(new RegExp(`${group}-\\d\\d(?=<)`, "g")) ?? []));
      const next = new RegExp(`href="([^"#]*\\?${list}=[^"#]*)#`).exec(section)?.[1];
      address = next?.replaceAll("&amp;", "&") ?? "";
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  }
  for (const list of ["deliveries", "history"])
    for (const wrong of [
      "x",
      "~",
      encodeCursor(["2026-01-01T00:00:00+00:00", 'a",id.gt."']),
      encodeCursor(["0000-01-01T00:00:00+00:00", "a"]),
      encodeCursor(["2026-01-01T00:00:00+23:00", "a"]),
      ...(list === "deliveries" ? [encodeCursor(["2026-01-01T00:00:00+00:00", "abc"])] : []),
    ]) {
      const { text } = await send(local, `/dashboard/alerts?${list}=${wrong}`, { headers: { Cookie } });
      // The first page of both lists.
      expect(text.match(new RegExp(`${group}-\\d\\d(?=<)`, "g")), wrong).toHaveLength(50);
    }
});

test("the health answer says when a monitor last judged, where there is a key to ask with", async () => {
  await sql`insert into public.alert_states (id, version, state, rules, at) values ('monitor', 1, '{}', '[]', '2026-01-01')
    on conflict (id) do update set at = excluded.at`;
  onTestFinished(async () => {
    await sql`delete from public.alert_states where id = 'monitor'`;
  });
  await expect
    .poll(async () => (await send(local, "/api/health")).text, { timeout: 15_000 })
    .toContain('"monitor":{"lastPassAt":"2026-01-01T00:00:00+00:00"}');
  expect((await send(clerk, "/api/health")).text).not.toContain("lastPassAt");
});

describe("a form", () => {
  test("saves a rule with what its kind has, and mutes and deletes it", async () => {
    const token = await admin();
    const id = `r-${randomUUID()}`;
    const saved = await post(
      {
        action: "save-rule",
        kind: "latency",
        id,
        thresholdMs: "500",
        enabled: "on",
        name: "",
        tool: " tenants.get ",
      },
      token,
    );
    expect([saved.status, location(saved)]).toEqual([303, { done: "save-rule" }]);
    const [row] = await sql`select definition from public.alert_rules where id = ${id}`;
    expect(row?.definition).toMatchObject({
      kind: "latency",
      thresholdMs: 500,
      tool: "tenants.get",
      openAfter: 2,
    });
    expect(row?.definition).not.toHaveProperty("name");
    expect(location(await post({ action: "mute-rule", id, for: "8h" }, token))).toEqual({
      done: "mute-rule",
    });
    const [mute] =
      await sql`select until > now() + interval '7 hours' as holds from public.alert_mutes where rule = ${id}`;
    expect(mute).toEqual({ holds: true });
    expect(location(await post({ action: "delete-rule", id }, token))).toEqual({ done: "delete-rule" });
    expect(location(await post({ action: "delete-rule", id }, token))).toMatchObject({ problem: "gone" });
  });

  test.each([
    [{ kind: "latency", thresholdMs: "soon" }, "thresholdMs"],
    [{ kind: "errors", objective: "0.5" }, "objective"],
    [{ kind: "probe", id: "Not a slug" }, "id"],
    [{ kind: "guess" }, "kind"],
    [{ kind: "probe", tool: "tenants.get" }, "tool"],
  ])("names the field of a wrong rule and brings it back: %j", async (wrong, field) => {
    const answer = await post({ action: "save-rule", id: "wrong", ...wrong }, await admin());
    expect([answer.status, location(answer)]).toEqual([
      303,
      expect.objectContaining({ problem: "invalid", field }),
    ]);
    expect(location(answer)).toMatchObject(wrong);
    expect(await sql`select from public.alert_rules where id = 'wrong'`).toHaveLength(0);
  });

  test("of a target puts nothing secret into an address, and refuses internal ones, whatever the identity", async () => {
    for (const server of [local, clerk]) {
      const token = await admin(server);
      for (const url of [
        "https://127.0.0.1/hunter2",
        "https://[::1]/hunter2",
        "https://169.254.169.254/hunter2",
      ]) {
        const name = randomUUID();
        const answer = await post(
          { action: "add-target", kind: "webhook", name, url, secret },
          token,
          {},
          server,
        );
        expect(location(answer)).toEqual({ problem: "internal", field: "url", kind: "webhook", name });
      }
      const plain = {
        action: "add-target",
        kind: "slack",
        name: "plain",
        url: "http://93.184.216.34/hunter2",
      };
      expect(location(await post(plain, token, {}, server))).toMatchObject({
        problem: "internal",
        field: "url",
      });
      const weak = {
        action: "add-target",
        kind: "webhook",
        name: "weak",
        url: "https://93.184.216.34/",
        secret: "hunter2",
      };
      const refused = await post(weak, token, {}, server);
      expect(location(refused)).toEqual({
        problem: "invalid",
        field: "secret",
        kind: "webhook",
        name: "weak",
      });
      // A field that no channel of this release has may be a secret of another one.
      const unknown = location(await post({ ...weak, apiKey: "hunter2" }, token, {}, server));
      expect(unknown).toMatchObject({ problem: "invalid", kind: "webhook", name: "weak" });
      expect(JSON.stringify(unknown)).not.toContain("hunter2");
    }
  });

  test("keeps what is secret of a target from every page", async () => {
    const token = await admin();
    const name = randomUUID();
    // An address of documentation's, which nobody is dialled at here.
    const url = "https://93.184.216.34/hunter2?key=hunter2";
    const added = await post({ action: "add-target", kind: "webhook", name, url, secret }, token);
    onTestFinished(async () => {
      await sql`delete from smarteros.alert_target_secrets s using public.alert_targets t
        where t.id = s.target_id and t.name = ${name}`;
      await sql`update public.alert_targets set removed_at = now() where name = ${name}`;
    });
    expect(location(added)).toEqual({ done: "add-target" });
    expect(
      location(await post({ action: "add-target", kind: "webhook", name, url, secret }, token)),
    ).toMatchObject({
      problem: "taken",
    });
    const page = await send(local, "/dashboard/alerts", { headers: { Cookie: `__session=${token}` } });
    expect(page.text).toContain(name);
    expect(page.text).toContain("93.184.216.34");
    expect(page.text).not.toContain("hunter2");
    expect(page.text).not.toContain(secret);
  });

  test("is recorded as every call is, whether it was taken or not, without what is secret", async () => {
    const user = newUser();
    const token = await tokenOf(local, user, "admin");
    const name = randomUUID();
    const url = "https://93.184.216.34/hunter2";
    const target = { action: "add-target", kind: "webhook", name, url, secret };
    await post(target, token);
    await post(target, token);
    await post({ ...target, url: "https://127.0.0.1/hunter2" }, token);
    const [{ id = "" } = {}] = await sql`select id from public.alert_targets where name = ${name}`;
    await post({ action: "remove-target", id }, token);
    await post({ action: "remove-target", id }, await tokenOf(local, user, "operator"));
    const records = () => sql`
      select tool, code, args, result from public.mcp_invocations where user_id = ${user} order by created_at, id`;
    await expect.poll(records).toHaveLength(5);
    const found = await records();
    expect(found.map(({ tool, code }) => [tool, code])).toEqual([
      ["alerts.addTarget", "ok"],
      ["alerts.addTarget", "conflict"],
      ["alerts.addTarget", "forbidden"],
      ["alerts.removeTarget", "ok"],
      ["alerts.removeTarget", "forbidden"],
    ]);
    expect(JSON.parse(found[0]?.args)).toEqual({ name, secret: "[redacted]" });
    expect(JSON.parse(found[0]?.result)).toEqual({ name, kind: "webhook", address: "93.184.216.34" });
    expect(JSON.stringify(found)).not.toContain("hunter2");
    expect(JSON.stringify(found)).not.toContain(secret);
    const intents = await sql`select tool from public.mcp_intents where user_id = ${user}`;
    expect(intents.map(({ tool }) => tool)).toEqual(["alerts.removeTarget"]);
    // They are found in the audit log, but open in no console: nobody lists them.
    const Cookie = `__session=${await tokenOf(local, newUser(), "auditor")}`;
    const { text } = await send(local, `/dashboard/audit?user=${user}`, { headers: { Cookie } });
    expect(text).toContain("alerts.removeTarget");
    expect(text).not.toContain("/dashboard/mcp#");
  });

  test("is refused where it is no form, too large, or asks for nothing known", async () => {
    const token = await admin();
    const json = { "Content-Type": "application/json" };
    expect(outcome(await post({ action: "save-rule" }, token, json))).toEqual([
      415,
      "unsupported_media_type",
    ]);
    expect(outcome(await post({ action: "x".repeat(40_000) }, token))).toEqual([413, "payload_too_large"]);
    for (const action of ["drop-everything", "constructor", ""])
      expect(outcome(await post({ action }, token))).toEqual([400, "invalid_input"]);
    const get = await send(local, "/api/alerts", { headers: { Authorization: `Bearer ${token}` } });
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });
});
