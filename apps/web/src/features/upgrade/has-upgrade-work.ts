import type { Session } from "@smarteros/identity";
import { requireServices } from "../../app-context.ts";

/** Milliseconds that every page may wait for it. */
const timeoutMs = 2_000;

/**
 * Resolves to whether the current user sees held services or rows in review. Resolves to false where that cannot be
 * read: the section is then hidden, and its page shows the failure.
 */
export async function hasUpgradeWork(session: Session): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { ports, pagePorts } = requireServices().forUser(session);
    const counts = await Promise.all([
      ports.tenants.countInReview({ principal: session.principal, signal }),
      pagePorts.provisioning.countHolds({ open: true }, signal),
    ]);
    return counts.some((count) => count > 0);
  } catch {
    return false;
  }
}
