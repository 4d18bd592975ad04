import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { send } from "./http-client.ts";
import { tokenOf } from "./tokens.ts";

const { sql } = database();
const { local } = inject("web");
const inTenMinutes = new Date(Date.now() + 600_000);

/** The circuit breakers of two vendors: one that waits, one that tries one step at a time. */
beforeAll(async () => {
  for (const [name, until] of [
    ["odoo", inTenMinutes],
    ["n8n", new Date(Date.now() - 60_000)],
  ] as const)
    await sql`insert into public.task_queues (name, failures, open_until) values (${name}, 5, ${until})
      on conflict (name) do update set failures = 5, open_until = excluded.open_until`;
});
afterAll(async () => {
  await sql`update public.task_queues set failures = 0, open_until = null where name in ('odoo', 'n8n')`;
});

test.each(["/dashboard/runs", "/dashboard/health"])(
  "%s says which vendors do not respond and until when their steps wait",
  async (path) => {
    const time = new Intl.DateTimeFormat("es-CL", {
      timeZone: "America/Santiago",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    }).format(inTenMinutes);
    const { text } = await send(local, path, {
      headers: { Cookie: `__session=${await tokenOf(local)}; __client_uat=1` },
    });
    const notices = [...text.matchAll(/<p class="notice">(.*?)<\/p>/g)].map(([, words]) => words);
    expect(notices).toContain(`Odoo no responde: los pasos esperan hasta las ${time}.`);
    expect(notices).toContain("n8n no ha respondido: se intenta un paso a la vez hasta que responda.");
    expect(notices.filter((words) => words?.includes("Chatwoot"))).toEqual([]);
  },
);
