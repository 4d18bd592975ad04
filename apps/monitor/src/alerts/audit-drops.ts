import * as z from "zod";

const health = z.object({ mcp: z.object({ audit: z.object({ dropped: z.number().int().nonnegative() }) }) });
const patienceMs = 5_000;

/** Asks the web app how many audit records it gave up since it started; undefined where it does not say. */
export async function auditDroppedBy(
  webUrl: string | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (webUrl === undefined) return undefined;
  try {
    const response = await fetch(`${webUrl}/api/health`, {
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    // It answers 503 when something else is not well, and says this all the same.
    const parsed = health.safeParse(await response.json());
    return parsed.success ? parsed.data.mcp.audit.dropped : undefined;
  } catch {
    return undefined;
  }
}
