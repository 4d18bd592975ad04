import * as z from "zod";
import type { Channel } from "../channel.ts";
import { webhookUrl } from "../webhook-url.ts";

export const webhookSettings = z.strictObject({
  kind: z.literal("webhook"),
  url: webhookUrl,
  /** By the Standard Webhooks specification: 24 to 64 bytes in base64, with or without `whsec_`. */
  secret: z
    .string()
    .trim()
    .refine(isSigningSecret, "must be 24 to 64 bytes in base64, such as openssl rand -base64 32 makes"),
});

export const webhook: Channel<z.infer<typeof webhookSettings>> = {
  title: { "es-CL": "Webhook firmado", en: "Signed webhook" },
  hint: {
    "es-CL":
      "Se firma según Standard Webhooks. El secreto son 24 a 64 bytes en base64, como los da openssl rand -base64 32. No se muestra de nuevo.",
    en: "Signed by Standard Webhooks. The secret is 24 to 64 bytes in base64, as openssl rand -base64 32 makes them. It is not shown again.",
  },
  fields: [
    { name: "url", type: "password", label: { "es-CL": "URL", en: "URL" } },
    { name: "secret", type: "password", label: { "es-CL": "Secreto de firma", en: "Signing secret" } },
  ],
  shownAddress: ({ url }) => new URL(url).host,
  endpoint: ({ url }) => ({ field: "url", url }),
};

function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  const { length } = Buffer.from(base64, "base64");
  return length >= 24 && length <= 64;
}
