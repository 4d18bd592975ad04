import type * as z from "zod";
import {
  type Configuration,
  optionalId,
  optionalKey,
  optionalUrl,
  requireSettings,
} from "../vendor-settings.ts";

export const chatwootSettings = {
  CHATWOOT_URL: optionalUrl,
  CHATWOOT_ACCOUNT_ID: optionalId,
  CHATWOOT_API_TOKEN: optionalKey,
};

export type ChatwootSettings = { url: string; accountId: number; token: string };

/** Maps environment settings to those of the connector. */
export function configureChatwoot(
  environment: z.output<z.ZodObject<typeof chatwootSettings>>,
): Configuration<ChatwootSettings> {
  const { settings, missing } = requireSettings(
    environment,
    "CHATWOOT_URL",
    "CHATWOOT_ACCOUNT_ID",
    "CHATWOOT_API_TOKEN",
  );
  if (!settings) return { missing };
  const { CHATWOOT_URL: url, CHATWOOT_ACCOUNT_ID: accountId, CHATWOOT_API_TOKEN: token } = settings;
  return { settings: { url, accountId, token } };
}
