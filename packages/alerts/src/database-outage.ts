import type { Logger } from "@smarteros/core";
import { send } from "./send.ts";

const openAfter = 2;

/**
 * Notifies of an unreachable database, which holds the targets and the outbox of all other alerts: once when two passes
 * in a row could not be stored, and once when one could again. Its state lives in this process.
 */
export function createOutageNotifier(parts: {
  /** A Slack webhook. */
  url: string;
  allowsInternal: boolean;
  logger: Logger;
  now?: () => Date;
}): (isStored: boolean) => Promise<void> {
  const { url, allowsInternal, logger, now = () => new Date() } = parts;
  let failures = 0;
  let openedAt: string | undefined;

  async function notify(kind: "opened" | "resolved", since: string): Promise<boolean> {
    const why = "nothing can be stored, and no other alert can be told";
    const subjects = kind === "opened" ? [{ rule: "database", subject: "supabase", why }] : [];
    const at = now().toISOString();
    const payload = { kind, group: "database", at, openedAt: since, subjects };
    const settings = { kind: "slack", url } as const;
    const { delivered, reason } = await send(
      { id: `database@${at}`, payload, settings },
      { allowsInternal, now: now() },
    );
    if (delivered) logger.info("ALERT_TOLD", { target: "ALERT_FALLBACK_URL", kind });
    else logger.error("ALERT_NOT_TOLD", { target: "ALERT_FALLBACK_URL", kind, reason });
    return delivered;
  }

  return async (isStored) => {
    failures = isStored ? 0 : failures + 1;
    // A message that could not be sent is tried again at the next pass.
    if (failures >= openAfter && openedAt === undefined) {
      const since = now().toISOString();
      if (await notify("opened", since)) openedAt = since;
    } else if (isStored && openedAt !== undefined && (await notify("resolved", openedAt))) {
      openedAt = undefined;
    }
  };
}
