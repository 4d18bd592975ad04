import postgres from "postgres";
import { expect, inject, onTestFinished, test } from "vitest";
import type { TestProject } from "./test-projects.ts";

test("a test file has a separate project", async () => {
  const { supabaseUrl, publishableKey } = inject("embedded");
  const response = await fetch(`${supabaseUrl}/rest/v1/tenants`, { headers: { apikey: publishableKey } });
  // The table exists and denies anonymous access.
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: "42501" });
});

test("projects are isolated, and each API responds with its own rows", async () => {
  const own = inject("embedded");
  const opened = await fetch(inject("projects"), { method: "POST" });
  const { id, project: other } = (await opened.json()) as { id: string; project: TestProject };
  onTestFinished(async () => {
    await fetch(`${inject("projects")}/${id}`, { method: "DELETE" });
  });
  expect(other.postgresUrl).not.toBe(own.postgresUrl);

  const sql = postgres(own.superuserUrl, { max: 1 });
  onTestFinished(() => sql.end());
  await sql`insert into public.external_health (service, status) values ('mine', 'ok')`;
  const services = async ({ supabaseUrl, secretKey }: TestProject) => {
    const url = `${supabaseUrl}/rest/v1/external_health?select=service`;
    return (await fetch(url, { headers: { apikey: secretKey } })).json();
  };
  expect(await services(own)).toEqual([{ service: "mine" }]);
  expect(await services(other)).toEqual([]);
});
