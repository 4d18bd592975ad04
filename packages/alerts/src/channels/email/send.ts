import { isIP } from "node:net";
import { createTransport } from "nodemailer";
import { addressesOf } from "../../ssrf-guard.ts";
import type { Send } from "../channel.ts";

const timeoutMs = 10_000;

/**
 * Sends a message by a target's own SMTP server, at an address that was checked. Requires TLS, unless internal targets are
 * allowed. Rejects with nodemailer's error, whose `responseCode` is the SMTP status.
 */
export const send: Send<{ to: string; from: string; smtpUrl: string }> = async (
  { smtpUrl, from, to },
  { id, text: { title, text }, allowsInternal },
) => {
  const url = new URL(smtpUrl);
  const [address] = await addressesOf(url.hostname, { allowsInternal });
  const isSecure = url.protocol === "smtps:";
  const transport = createTransport({
    host: address?.address ?? "",
    port: Number(url.port) || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: !isSecure && !allowsInternal,
    tls: isIP(url.hostname) ? {} : { servername: url.hostname },
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    // The same id at each attempt, so that a mailbox shows a message once that arrived twice.
    await transport.sendMail({ from, to, messageId: `<${id}@smarteros>`, subject: title, text });
    return undefined;
  } finally {
    transport.close();
  }
};
