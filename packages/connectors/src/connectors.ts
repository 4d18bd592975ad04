import type * as z from "zod";
import { createBotpress } from "./botpress/connector.ts";
import { botpressResourceUrls } from "./botpress/resource-urls.ts";
import { botpressSettings, configureBotpress } from "./botpress/settings.ts";
import { createChatwoot } from "./chatwoot/connector.ts";
import { chatwootResourceUrls } from "./chatwoot/resource-urls.ts";
import { chatwootSettings, configureChatwoot } from "./chatwoot/settings.ts";
import type { Connector } from "./connector.ts";
import { createMetabase } from "./metabase/connector.ts";
import { metabaseResourceUrls } from "./metabase/resource-urls.ts";
import { configureMetabase, metabaseSettings } from "./metabase/settings.ts";
import { createN8n, type N8nConnector } from "./n8n/connector.ts";
import { n8nResourceUrls } from "./n8n/resource-urls.ts";
import { configureN8n, n8nSettings } from "./n8n/settings.ts";
import { createOdoo } from "./odoo/connector.ts";
import { odooResourceUrls } from "./odoo/resource-urls.ts";
import { configureOdoo, odooSettings } from "./odoo/settings.ts";
import type { ResourceUrls } from "./resource-urls.ts";
import type { Clock } from "./system-clock.ts";
import type { ConnectorOptions } from "./vendor-http.ts";
import type { Configuration } from "./vendor-settings.ts";
import { type Vendor, vendors } from "./vendors.ts";

/** Schemas of each vendor's settings by their names in the environment. */
export const settingsOf = {
  chatwoot: chatwootSettings,
  botpress: botpressSettings,
  odoo: odooSettings,
  n8n: n8nSettings,
  metabase: metabaseSettings,
} as const satisfies Record<Vendor, z.ZodRawShape>;

type Shapes = (typeof settingsOf)[Vendor];
type AllSettings = { [Name in NameIn<Shapes>]: SchemaOf<Shapes, Name> };
type NameIn<Shape> = Shape extends unknown ? keyof Shape : never;
type SchemaOf<Shape, Name> = Shape extends unknown ? (Name extends keyof Shape ? Shape[Name] : never) : never;

/** Schemas of all vendors' settings, for the environment schema of an app. */
export const connectorSettings = Object.assign({}, ...Object.values(settingsOf)) as AllSettings;
export type ConnectorSettings = z.output<z.ZodObject<AllSettings>>;

type Options = ConnectorOptions & { clock?: Clock };

/** Composes reading a vendor's settings and creating its connector. */
const connect =
  <Settings, Made>(
    configure: (environment: ConnectorSettings) => Configuration<Settings>,
    create: (settings: Settings, options: Options) => Made,
    urlsOf: (settings: Settings) => ResourceUrls,
  ) =>
  (environment: ConnectorSettings, options: Options) => {
    const { settings, missing } = configure(environment);
    return missing ? { missing } : { connector: create(settings, options), urls: urlsOf(settings) };
  };

const connects = {
  chatwoot: connect(configureChatwoot, createChatwoot, chatwootResourceUrls),
  botpress: connect(configureBotpress, createBotpress, botpressResourceUrls),
  odoo: connect(configureOdoo, createOdoo, odooResourceUrls),
  n8n: connect(configureN8n, createN8n, n8nResourceUrls),
  metabase: connect(configureMetabase, createMetabase, metabaseResourceUrls),
} as const satisfies Record<Vendor, ReturnType<typeof connect>>;

export type Connectors = {
  /** Connectors of the configured vendors. */
  configured: { [Of in Vendor]?: Of extends "n8n" ? N8nConnector : Connector<Of> };
  /** Names of the missing settings of each other vendor. */
  missing: { [Of in Vendor]?: string[] };
  /** Addresses of the resources of the configured vendors. */
  resourceUrls: { [Of in Vendor]?: ResourceUrls };
};

/** Creates a connector for each vendor whose settings are complete. */
export function createConnectors(settings: ConnectorSettings, options: Options = {}): Connectors {
  const configured: Connectors["configured"] = {};
  const missing: Connectors["missing"] = {};
  const resourceUrls: Connectors["resourceUrls"] = {};
  for (const vendor of vendors) {
    const outcome = connects[vendor](settings, options);
    if ("missing" in outcome) missing[vendor] = outcome.missing;
    else {
      Object.assign(configured, { [vendor]: outcome.connector });
      resourceUrls[vendor] = outcome.urls;
    }
  }
  return { configured, missing, resourceUrls };
}
