import { asService } from "@smarteros/supabase";
import { expect, inject, test } from "vitest";
import { readLastPass } from "./last-pass.ts";
import { noAlertState } from "./state.ts";
import { supabaseAlerts } from "./supabase-store.ts";

const embedded = inject("embedded");
const service = asService({ url: embedded.supabaseUrl }, embedded.secretKey);

test("the last pass is null before the first, and then its time", async () => {
  expect(await readLastPass(service)).toBeNull();
  const before = Date.now();
  const pass = { version: 0, state: noAlertState, rules: [], incidents: [], notifications: [] };
  expect(await supabaseAlerts(service).store(pass, AbortSignal.timeout(5_000))).toBe(true);
  const at = Date.parse((await readLastPass(service)) ?? "");
  expect(at).toBeGreaterThanOrEqual(before - 1_000);
  expect(at).toBeLessThanOrEqual(Date.now() + 1_000);
});

test("the last pass is undefined where the database fails", async () => {
  expect(await readLastPass(asService({ url: "http://127.0.0.1:9" }, embedded.secretKey))).toBeUndefined();
});
