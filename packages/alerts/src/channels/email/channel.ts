import * as z from "zod";
import type { Channel } from "../channel.ts";

const address = z.string().trim().max(254).pipe(z.email("must be one address of mail"));

export const emailSettings = z.strictObject({
  kind: z.literal("email"),
  to: address,
  from: address,
  smtpUrl: z
    .string()
    .trim()
    .max(2_000)
    .pipe(z.url({ protocol: /^smtps?$/, error: "must be smtps://user:password@host:465 or smtp://…:587" })),
});

export const email: Channel<z.infer<typeof emailSettings>> = {
  title: { "es-CL": "Correo", en: "Mail" },
  hint: {
    "es-CL":
      "Como smtps://usuario:clave@servidor:465, o smtp:// con STARTTLS en el 587. No se muestra de nuevo.",
    en: "As smtps://user:password@server:465, or smtp:// with STARTTLS on 587. It is not shown again.",
  },
  fields: [
    { name: "to", type: "email", label: { "es-CL": "Para", en: "To" } },
    { name: "from", type: "email", label: { "es-CL": "De", en: "From" } },
    {
      name: "smtpUrl",
      type: "password",
      label: { "es-CL": "Servidor de correo (URL)", en: "Mail server (URL)" },
    },
  ],
  shownAddress: ({ to }) => to,
  endpoint: ({ smtpUrl }) => ({ field: "smtpUrl", url: smtpUrl }),
};
