import * as z from "zod";
import type { Channel } from "../channel.ts";
import { webhookUrl } from "../webhook-url.ts";

export const slackSettings = z.strictObject({ kind: z.literal("slack"), url: webhookUrl });

export const slack: Channel<z.infer<typeof slackSettings>> = {
  title: { "es-CL": "Slack", en: "Slack" },
  hint: {
    "es-CL": "La URL del webhook entrante de Slack. No se muestra de nuevo.",
    en: "The URL of Slack's incoming webhook. It is not shown again.",
  },
  fields: [{ name: "url", type: "password", label: { "es-CL": "URL", en: "URL" } }],
  shownAddress: ({ url }) => new URL(url).host,
  endpoint: ({ url }) => ({ field: "url", url }),
};
