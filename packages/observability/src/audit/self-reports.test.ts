import { uuidv7 } from "@smarteros/core";
import { asTestUser } from "@smarteros/supabase/testing";
import postgres from "postgres";
import { afterAll, expect, inject, test } from "vitest";
import { selfAuditStore } from "./supabase.ts";

const embedded = inject("embedded");
const superuser = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
afterAll(() => superuser.end());

const storeOf = async (userId: string) => selfAuditStore(await asTestUser(embedded, userId));

test("an intent over the hour's limit is rate limited, with the time until the next hour", async () => {
  const userId = `user_${uuidv7()}`;
  const store = await storeOf(userId);
  const intent = () => ({
    id: uuidv7(),
    userId,
    tool: "tenants.delete",
    args: "{}",
    requestId: "r",
    createdAt: new Date(),
  });
  await store.intend(intent());
  await superuser`update smarteros.self_report_counts set rows = 6000 where user_id = ${userId}`;
  const refused = await store.intend(intent()).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "rate_limited", details: { retryAfterMs: expect.any(Number) } });
  expect((refused as { details: { retryAfterMs: number } }).details.retryAfterMs).toBeLessThanOrEqual(
    3_600_000,
  );
});
