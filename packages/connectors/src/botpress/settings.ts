import * as z from "zod";
import { type Configuration, optionalKey, optionalUrl, requireSettings } from "../vendor-settings.ts";

export const botpressSettings = {
  BOTPRESS_URL: optionalUrl,
  BOTPRESS_TOKEN: optionalKey,
  /** The workspace that all bots share. */
  BOTPRESS_WORKSPACE_ID: z
    .string()
    .regex(/^[\w-]{1,200}$/, "must be a workspace's id")
    .optional(),
  /** Resource that a tenant gets: a bot in the shared workspace, or a workspace. */
  BOTPRESS_PER_TENANT: z.enum(["bot", "workspace"], { error: "must be bot or workspace" }).default("bot"),
};

export type BotpressSettings = {
  /** The address of Botpress Cloud by default. */
  url?: string | undefined;
  token: string;
} & (
  | { perTenant: "bot"; workspaceId: string }
  | { perTenant: "workspace"; workspaceId?: string | undefined }
);

/** Maps environment settings to those of the connector. A workspace per tenant needs no shared workspace. */
export function configureBotpress(
  environment: z.output<z.ZodObject<typeof botpressSettings>>,
): Configuration<BotpressSettings> {
  const url = environment.BOTPRESS_URL;
  if (environment.BOTPRESS_PER_TENANT === "workspace") {
    const { settings, missing } = requireSettings(environment, "BOTPRESS_TOKEN");
    if (!settings) return { missing };
    const { BOTPRESS_TOKEN: token, BOTPRESS_WORKSPACE_ID: workspaceId } = settings;
    return { settings: { url, token, perTenant: "workspace", workspaceId } };
  }
  const { settings, missing } = requireSettings(environment, "BOTPRESS_TOKEN", "BOTPRESS_WORKSPACE_ID");
  if (!settings) return { missing };
  const { BOTPRESS_TOKEN: token, BOTPRESS_WORKSPACE_ID: workspaceId } = settings;
  return { settings: { url, token, perTenant: "bot", workspaceId } };
}
