import { randomUUID } from "node:crypto";
import { expect, inject, onTestFinished, test } from "vitest";
import { database } from "./database.ts";
import { outcome, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

// `POST /api/health/windows`, on the built app and the embedded database. Windows are far off: they are for everything.

const { local } = inject("web");
const { sql } = database();

async function post(form: Record<string, string>, token: string) {
  const answer = await send(local, "/api/health/windows", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
    body: new URLSearchParams(form),
  });
  return { ...answer, problem: /problem=([^&]*)/.exec(answer.headers.get("location") ?? "")?.[1] };
}

const far = { action: "create", from: "2100-01-01T09:00", to: "2100-01-01T10:00" };

test("a window is announced and ended as calls that are recorded", async () => {
  const user = newUser();
  const token = await tokenOf(local, user, "admin");
  const reason = `upgrade ${randomUUID()}`;
  onTestFinished(async () => {
    await sql`delete from smarteros.maintenance_windows where reason = ${reason}`;
  });
  const announced = await post({ ...far, reason, zone: "America/Santiago" }, token);
  expect([announced.status, announced.problem]).toEqual([303, undefined]);
  const [window] =
    await sql`select id, starts_at from smarteros.maintenance_windows where reason = ${reason}`;
  expect(window?.starts_at).toEqual(new Date("2100-01-01T12:00:00Z"));
  for (const times of [1, 2])
    expect([times, (await post({ action: "end", id: window?.id }, token)).problem]).toEqual([
      times,
      undefined,
    ]);
  const records = () => sql`
    select tool, code, args from public.mcp_invocations where user_id = ${user} order by created_at, id`;
  await expect.poll(records).toHaveLength(3);
  expect((await records()).map(({ tool, code }) => [tool, code])).toEqual([
    ["health.announceMaintenance", "ok"],
    ["health.endMaintenance", "ok"],
    ["health.endMaintenance", "not_found"],
  ]);
  expect(JSON.parse((await records())[0]?.args)).toMatchObject({ reason, from: "2100-01-01T12:00:00.000Z" });
});

test.each([
  [{ ...far, reason: "" }, "reason"],
  [{ ...far, reason: "x", zone: "Mars/Olympus" }, "from"],
  [{ ...far, reason: "x", to: "2100-01-01T08:00" }, "to"],
  [{ ...far, reason: "x", to: "2101-01-01T08:00" }, "to"],
  [{ ...far, reason: "x", from: "2020-01-01T08:00" }, "from"],
  [{ ...far, reason: "x", service: `none-${randomUUID()}` }, "service"],
  [{ action: "end", id: "1" }, "id"],
])("%j is sent back with the name of its field", async (form, field) => {
  const answer = await post(form, await tokenOf(local, newUser(), "admin"));
  expect([answer.status, answer.problem]).toEqual([303, field]);
});

test("what asks for nothing known is refused", async () => {
  const token = await tokenOf(local, newUser(), "admin");
  for (const action of ["drop", ""])
    expect(outcome(await post({ action }, token))).toEqual([400, "invalid_input"]);
});
