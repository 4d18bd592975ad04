import { expect, inject, test } from "vitest";

test("a test run has a project of its own", async () => {
  const { supabaseUrl, publishableKey } = inject("embedded");
  const answer = await fetch(`${supabaseUrl}/rest/v1/tenants`, { headers: { apikey: publishableKey } });
  // The table is there, and closed to anybody without a token.
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ code: "42501" });
});
