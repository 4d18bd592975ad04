import { readFileSync } from "node:fs";
import type { Report } from "@smarteros/observability/doctor";
import * as z from "zod";

const running = z.object({ restUrl: z.url(), webUrl: z.url() });
const grant = z.object({ token: z.string() });
const texts = z.object({ what: z.string(), remedy: z.string(), code: z.string() });
const deepHealth = z.object({
  deep: z.object({
    errors: z.number(),
    warnings: z.number(),
    notes: z.number(),
    checks: z.array(
      z.object({
        title: z.string(),
        state: z.enum(["ok", "found", "skipped"]),
        findings: z.array(texts.extend({ severity: z.enum(["error", "warning", "info"]) })),
      }),
    ),
  }),
});

/**
 * Fetches the report of a running `npm start` from its web app, as its administrator, because only its programs have
 * the keys. Resolves to undefined when none runs or it does not respond.
 */
export async function embeddedReport(file: string): Promise<Report | undefined> {
  try {
    const { restUrl, webUrl } = running.parse(JSON.parse(readFileSync(file, "utf8")));
    const { token } = grant.parse(
      await json(`${restUrl}/identity/token`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ user: "admin" }),
      }),
    );
    const headers = { Authorization: `Bearer ${token}` };
    return deepHealth.parse(await json(`${webUrl}/api/health?deep=1`, { headers })).deep as Report;
  } catch {
    return undefined;
  }
}

async function json(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
  return response.json();
}
