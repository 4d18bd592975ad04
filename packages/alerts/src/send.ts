import type { Send } from "./channels/channel.ts";
import { senders, type TargetSettings } from "./channels/channels.ts";
import { notification, textOf } from "./notification.ts";
import { RefusedHost } from "./ssrf-guard.ts";

/**
 * The outcome of an attempt to send. `isFinal` means that another attempt would end the same. `reason` is our own text,
 * without the address.
 */
export type Attempt = { delivered: boolean; status: number | null; reason: string | null; isFinal: boolean };

const timeoutMs = 10_000;

/** Makes one attempt to send a notification to a target, within 10 s. Never rejects. */
export async function send(
  { id, payload, settings }: { id: string; payload: unknown; settings: TargetSettings },
  { allowsInternal, now }: { allowsInternal: boolean; now: Date },
): Promise<Attempt> {
  try {
    const parsed = notification.parse(payload);
    const channel = await senders[settings.kind]();
    const signal = AbortSignal.timeout(timeoutMs);
    const message = { id, notification: parsed, text: textOf(parsed), now, allowsInternal, signal };
    // The sender is that of the settings' own kind, which TypeScript cannot follow through a record of them.
    const status = await (channel.send as Send<TargetSettings>)(settings, message);
    return status === undefined
      ? { delivered: true, status: null, reason: null, isFinal: true }
      : attemptBy(status);
  } catch (error) {
    return { delivered: false, status: smtpStatus(error), reason: reasonOf(error), isFinal: false };
  }
}

function attemptBy(status: number): Attempt {
  const delivered = status >= 200 && status < 300;
  // 410 Gone: the endpoint asks for no further messages.
  return {
    delivered,
    status,
    reason: delivered ? null : `status ${status}`,
    isFinal: delivered || status === 410,
  };
}

function smtpStatus(error: unknown): number | null {
  return error instanceof Error && "responseCode" in error && typeof error.responseCode === "number"
    ? error.responseCode
    : null;
}

function reasonOf(error: unknown): string {
  if (error instanceof RefusedHost) return error.message;
  if (smtpStatus(error) !== null) return `mail server: ${smtpStatus(error)}`;
  if (!(error instanceof Error)) return "failed";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "timeout";
  return "code" in error && typeof error.code === "string" && /^[A-Z_]{1,40}$/.test(error.code)
    ? `unreachable (${error.code})`
    : "failed";
}
