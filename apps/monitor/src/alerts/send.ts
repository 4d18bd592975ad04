import { RefusedHost, type TargetSettings } from "@smarteros/observability/alert-targets";
import { Webhook } from "standardwebhooks";
import { post } from "./dial.ts";
import { sendMail } from "./mail.ts";
import { letterOf, slackBody, told } from "./message.ts";

/** How an attempt ended. `isFinal`: another would end alike. The reason is in our words, without the address. */
export type Attempt = { delivered: boolean; status: number | null; reason: string | null; isFinal: boolean };

const patienceMs = 10_000;

/** Makes one attempt to tell a target. Never rejects. */
export async function send(
  { id, payload, settings }: { id: string; payload: unknown; settings: TargetSettings },
  { allowsInternal, now }: { allowsInternal: boolean; now: Date },
): Promise<Attempt> {
  try {
    const message = told.parse(payload);
    if (settings.kind === "email") {
      await sendMail(settings, { id, ...letterOf(message) }, allowsInternal);
      return { delivered: true, status: null, reason: null, isFinal: true };
    }
    const { headers, body } =
      settings.kind === "slack"
        ? { headers: {}, body: slackBody(letterOf(message)) }
        : signed(settings.secret, {
            id,
            now,
            body: JSON.stringify({ type: `alert.${message.kind}`, timestamp: message.at, data: message }),
          });
    const status = await post(settings.url, {
      headers: { "Content-Type": "application/json", ...headers },
      body,
      allowsInternal,
      signal: AbortSignal.timeout(patienceMs),
    });
    return answered(status);
  } catch (error) {
    return { delivered: false, status: smtpStatus(error), reason: reasonOf(error), isFinal: false };
  }
}

// By the Standard Webhooks specification: the id is that of the message and not of the attempt.
function signed(secret: string, { id, now, body }: { id: string; now: Date; body: string }) {
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
  return { headers, body };
}

function answered(status: number): Attempt {
  const delivered = status >= 200 && status < 300;
  // 410 says that nobody wants to be told here any more.
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
