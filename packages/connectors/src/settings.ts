import { httpUrl, settingKey, sharedSecret } from "@smarteros/core/settings";
import * as z from "zod";

// Every name may be missing: which vendors there are is for an installation to say. `createConnectors` tells which
// names of a vendor that is meant are not there.

const url = httpUrl().optional();
const key = settingKey.optional();
const id = z.coerce.number({ error: "must be a number above 0" }).int().positive().optional();

export const chatwootSettings = {
  CHATWOOT_URL: url,
  CHATWOOT_ACCOUNT_ID: id,
  CHATWOOT_API_TOKEN: key,
};

export const botpressSettings = {
  BOTPRESS_URL: url,
  BOTPRESS_TOKEN: key,
  /** The workspace that all bots share. */
  BOTPRESS_WORKSPACE_ID: z
    .string()
    .regex(/^[\w-]{1,200}$/, "must be a workspace's id")
    .optional(),
  /** What a tenant gets: a bot in the shared workspace, or a workspace. */
  BOTPRESS_PER_TENANT: z.enum(["bot", "workspace"], { error: "must be bot or workspace" }).default("bot"),
};

export const odooSettings = {
  ODOO_URL: url,
  ODOO_API_KEY: key,
  /** Where several databases answer at one address. */
  ODOO_DATABASE: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "must be a database's name")
    .optional(),
};

export const n8nSettings = {
  N8N_URL: url,
  N8N_API_KEY: key,
  /** Signs what is sent to workflows. */
  N8N_WEBHOOK_SECRET: sharedSecret.optional(),
};

export const metabaseSettings = {
  METABASE_URL: url,
  METABASE_API_KEY: key,
  METABASE_TEMPLATE_DASHBOARD_ID: id,
  /** The collection that the tenants' collections lie in; without it, the root. */
  METABASE_COLLECTION_ID: id,
};

/** The settings of all five, for the schema of an app's own environment. */
export const connectorSettings = {
  ...chatwootSettings,
  ...botpressSettings,
  ...odooSettings,
  ...n8nSettings,
  ...metabaseSettings,
};
const environment = z.object(connectorSettings);
export type ConnectorSettings = z.output<typeof environment>;
