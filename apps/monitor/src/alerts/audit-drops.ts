import * as z from "zod";

const health = z.object({ mcp: z.object({ audit: z.object({ dropped: z.number().int().nonnegative() }) }) });
const patienceMs = 5_000;

/**
 * Resolves to the number of audit records that the web app dropped since it started; undefined where it does not
 * respond.
 */
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
    // A 503 because of another fault has the number too.
    const parsed = health.safeParse(await response.json());
    return parsed.success ? parsed.data.mcp.audit.dropped : undefined;
  } catch {
    return undefined;
  }
}
