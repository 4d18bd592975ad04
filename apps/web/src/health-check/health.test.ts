import { expect, test } from "vitest";
import type { WebSettings } from "../env.ts";
import { healthCheck } from "./health.ts";

const settings = { enabled: true } as WebSettings;
const check = (workerNotice?: () => Promise<string | undefined>) =>
  healthCheck({
    settings,
    ping: async () => ({ ok: true, status: 200 }),
    audit: () => ({}) as never,
    workerNotice,
  })();

test("silent workers are said with the remedy, and leave the deployment healthy", async () => {
  expect(await check(async () => "No worker.")).toMatchObject({
    ok: true,
    workers: { ok: false, notice: "No worker." },
  });
});

test("a worker that has reported is said", async () => {
  expect(await check(async () => undefined)).toMatchObject({ workers: { ok: true } });
});

test("workers that cannot be read are left out, as without a service role key", async () => {
  expect(await check(() => Promise.reject(new Error("away")))).not.toHaveProperty("workers");
  expect(await check()).not.toHaveProperty("workers");
});
