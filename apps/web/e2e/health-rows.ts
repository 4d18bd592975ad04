import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { PostgrestClient } from "@supabase/postgrest-js";

const dayMs = 86_400_000;

/** Rows of a service of this test's own as the monitor writes them, and counted as it has them counted. */
export async function healthRows(name: string): Promise<string> {
  const secrets = path.join(process.env.SMARTEROS_DATA_DIR ?? "", "secrets.json");
  const { secretKey } = JSON.parse(readFileSync(secrets, "utf8"));
  const client = new PostgrestClient(`http://127.0.0.1:${process.env.SUPABASE_PORT}/rest/v1`, {
    headers: { apikey: secretKey, Authorization: `Bearer ${secretKey}` },
    retry: false,
  });
  const service = `${name}-${randomUUID().slice(0, 8)}`;
  const noon = Math.floor(Date.now() / dayMs) * dayMs + dayMs / 2;
  const row = (daysAgo: number, minute: number, status: string) => ({
    service,
    status,
    latency_ms: status === "error" ? 4_000 : 100 + minute,
    error_message: status === "error" ? "timeout" : null,
    created_at: new Date(noon - daysAgo * dayMs + minute * 60_000).toISOString(),
  });
  const days = Array.from({ length: 80 }, (_, index) => index + 1);
  const rows = [
    ...days.flatMap((daysAgo) => [row(daysAgo, 0, "ok"), row(daysAgo, 1, daysAgo === 5 ? "degraded" : "ok")]),
    // An incident of three failures, two days ago.
    ...[10, 11, 12].map((minute) => row(2, minute, "error")),
    ...[13, 14].map((minute) => row(2, minute, "ok")),
    // Nothing is down right now, and it was looked at a moment ago.
    { ...row(0, 0, "ok"), created_at: new Date().toISOString() },
  ];
  await client.from("external_health").insert(rows).throwOnError();
  // The monitor may be counting at this very moment, and then it is its turn.
  for (let tries = 0; tries < 20; tries++) {
    const { data } = await client.rpc("roll_up_health", {}).throwOnError();
    if (!data?.[0]?.more) return service;
  }
  throw new Error("the rows were not counted");
}
