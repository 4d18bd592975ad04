import { sharedSecret } from "@smarteros/core/settings";
import type * as z from "zod";
import { type Configuration, optionalKey, optionalUrl, requireSettings } from "../vendor-settings.ts";

export const n8nSettings = {
  N8N_URL: optionalUrl,
  N8N_API_KEY: optionalKey,
  /** Signs the deliveries to workflows. */
  N8N_WEBHOOK_SECRET: sharedSecret.optional(),
};

export type N8nSettings = {
  url: string;
  apiKey: string;
  /** Signs the deliveries to workflows: 32 characters or more. */
  webhookSecret: string;
};

/** Maps environment settings to those of the connector. */
export function configureN8n(
  environment: z.output<z.ZodObject<typeof n8nSettings>>,
): Configuration<N8nSettings> {
  const { settings, missing } = requireSettings(environment, "N8N_URL", "N8N_API_KEY", "N8N_WEBHOOK_SECRET");
  if (!settings) return { missing };
  const { N8N_URL: url, N8N_API_KEY: apiKey, N8N_WEBHOOK_SECRET: webhookSecret } = settings;
  return { settings: { url, apiKey, webhookSecret } };
}
