import type { Logger } from "@smarteros/core";
import { targetSettings } from "./channels/channels.ts";
import { type Attempt, send } from "./send.ts";
import type { AlertStore } from "./store.ts";

const minuteMs = 60_000;
/** The pause after each failed attempt, in milliseconds; after the last one the message is given up. */
const pausesMs = [0.5, 2, 10, 60, 240].map((minutes) => minutes * minuteMs);

/** Claims the due messages of the outbox and makes one attempt for each, in parallel. */
export function createDelivery(parts: {
  store: Pick<AlertStore, "claim" | "end">;
  allowsInternal: boolean;
  logger: Logger;
  now?: () => number;
  random?: () => number;
}): (signal: AbortSignal) => Promise<void> {
  const { store, allowsInternal, logger, now = Date.now, random = Math.random } = parts;

  async function attempt(
    settings: unknown,
    { id, payload }: { id: string; payload: unknown },
  ): Promise<Attempt> {
    const parsed = targetSettings.safeParse(settings);
    if (!parsed.success)
      return { delivered: false, status: null, reason: "its settings are not understood", isFinal: true };
    return send({ id, payload, settings: parsed.data }, { allowsInternal, now: new Date(now()) });
  }

  return async (signal) => {
    const claimed = await store.claim(signal);
    await Promise.all(
      claimed.map(async ({ id, attempts, payload, target, settings }) => {
        const { isFinal, ...ending } = await attempt(settings, { id, payload });
        const pauseMs = isFinal ? undefined : pausesMs[attempts - 1];
        const retryAt = pauseMs === undefined ? null : new Date(now() + pauseMs * (0.9 + random() / 5));
        await store.end({ id, ...ending, retryAt }, signal);
        const fields = { target, attempts, ...(ending.delivered ? {} : { reason: ending.reason, retryAt }) };
        if (ending.delivered) logger.info("ALERT_TOLD", fields);
        else logger.error("ALERT_NOT_TOLD", fields);
      }),
    );
  };
}
