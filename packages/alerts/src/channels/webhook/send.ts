import { Webhook } from "standardwebhooks";
import { postJson } from "../../pinned-request.ts";
import type { Send } from "../channel.ts";

/** Posts a message signed by the Standard Webhooks specification; `webhook-id` names the message, not the attempt. */
export const send: Send<{ url: string; secret: string }> = (
  { url, secret },
  { id, notification, now, allowsInternal, signal },
) => {
  const { kind, at } = notification;
  const body = JSON.stringify({ type: `alert.${kind}`, timestamp: at, data: notification });
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
  return postJson(url, { headers, body, allowsInternal, signal });
};
