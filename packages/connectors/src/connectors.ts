import { createBotpress } from "./botpress/connector.ts";
import { createChatwoot } from "./chatwoot/connector.ts";
import type { Connector } from "./connector.ts";
import { createMetabase } from "./metabase/connector.ts";
import { createN8n, type N8nConnector } from "./n8n/connector.ts";
import { createOdoo } from "./odoo/connector.ts";
import type { ConnectorSettings } from "./settings.ts";
import type { Clock } from "./system-clock.ts";
import type { ConnectorOptions } from "./vendor-http.ts";
import type { Vendor } from "./vendors.ts";

export type Connectors = {
  /** The vendors that are set up. */
  configured: { [Of in Vendor]?: Of extends "n8n" ? N8nConnector : Connector<Of> };
  /** For every other vendor, the names that its settings lack. */
  missing: { [Of in Vendor]?: string[] };
};

/** A connector for every vendor whose settings are whole. */
export function createConnectors(
  settings: ConnectorSettings,
  options: ConnectorOptions & { clock?: Clock } = {},
): Connectors {
  const { missing, need } = required(settings);
  const chatwoot = need("chatwoot", "CHATWOOT_URL", "CHATWOOT_ACCOUNT_ID", "CHATWOOT_API_TOKEN");
  const odoo = need("odoo", "ODOO_URL", "ODOO_API_KEY");
  const n8n = need("n8n", "N8N_URL", "N8N_API_KEY", "N8N_WEBHOOK_SECRET");
  const metabase = need("metabase", "METABASE_URL", "METABASE_API_KEY", "METABASE_TEMPLATE_DASHBOARD_ID");
  const botpress = botpressSettings(settings, need);
  const configured: Connectors["configured"] = {
    ...(chatwoot && {
      chatwoot: createChatwoot(
        {
          url: chatwoot.CHATWOOT_URL,
          accountId: chatwoot.CHATWOOT_ACCOUNT_ID,
          token: chatwoot.CHATWOOT_API_TOKEN,
        },
        options,
      ),
    }),
    ...(botpress && { botpress: createBotpress(botpress, options) }),
    ...(odoo && {
      odoo: createOdoo(
        { url: odoo.ODOO_URL, apiKey: odoo.ODOO_API_KEY, database: settings.ODOO_DATABASE },
        options,
      ),
    }),
    ...(n8n && {
      n8n: createN8n(
        { url: n8n.N8N_URL, apiKey: n8n.N8N_API_KEY, webhookSecret: n8n.N8N_WEBHOOK_SECRET },
        options,
      ),
    }),
    ...(metabase && {
      metabase: createMetabase(
        {
          url: metabase.METABASE_URL,
          apiKey: metabase.METABASE_API_KEY,
          templateDashboardId: metabase.METABASE_TEMPLATE_DASHBOARD_ID,
          collectionId: settings.METABASE_COLLECTION_ID,
        },
        options,
      ),
    }),
  };
  return { configured, missing };
}

type Whole<Name extends keyof ConnectorSettings> = {
  [Key in Name]: NonNullable<ConnectorSettings[Key]>;
};
type Need = <Name extends keyof ConnectorSettings>(
  vendor: Vendor,
  ...names: Name[]
) => Whole<Name> | undefined;

function required(settings: ConnectorSettings): { missing: Connectors["missing"]; need: Need } {
  const missing: Connectors["missing"] = {};
  const need: Need = (vendor, ...names) => {
    const absent = names.filter((name) => settings[name] === undefined);
    if (absent.length === 0) return settings as Whole<(typeof names)[number]>;
    missing[vendor] = absent;
    return undefined;
  };
  return { missing, need };
}

function botpressSettings({ BOTPRESS_URL: url, ...settings }: ConnectorSettings, need: Need) {
  const workspaceId = settings.BOTPRESS_WORKSPACE_ID;
  if (settings.BOTPRESS_PER_TENANT === "workspace") {
    const given = need("botpress", "BOTPRESS_TOKEN");
    return given && { url, token: given.BOTPRESS_TOKEN, perTenant: "workspace" as const, workspaceId };
  }
  const given = need("botpress", "BOTPRESS_TOKEN", "BOTPRESS_WORKSPACE_ID");
  if (!given) return undefined;
  const { BOTPRESS_TOKEN: token, BOTPRESS_WORKSPACE_ID } = given;
  return { url, token, perTenant: "bot" as const, workspaceId: BOTPRESS_WORKSPACE_ID };
}
