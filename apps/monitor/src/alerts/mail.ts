import { isIP } from "node:net";
import { addressesOf, type TargetSettings } from "@smarteros/observability/alert-targets";
import { createTransport } from "nodemailer";
import type { Letter } from "./message.ts";

type MailSettings = Extract<TargetSettings, { kind: "email" }>;

const patienceMs = 10_000;

/** Hands a letter to a target's own mail server, at an address that was checked; encrypted, but on this machine. */
export async function sendMail(
  { smtpUrl, from, to }: MailSettings,
  letter: Letter & { id: string },
  allowsInternal: boolean,
): Promise<void> {
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
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    // The same id at each attempt, so that a mailbox shows a letter once that arrived twice.
    const messageId = `<${letter.id}@smarteros>`;
    await transport.sendMail({ from, to, messageId, subject: letter.title, text: letter.text });
  } finally {
    transport.close();
  }
}
