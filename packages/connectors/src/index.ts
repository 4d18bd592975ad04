export { type BotpressSettings, createBotpress } from "./botpress/connector.ts";
export { type ChatwootSettings, createChatwoot } from "./chatwoot/connector.ts";
export {
  type Connector,
  type Health,
  type Probe,
  type Resource,
  type ResourceId,
  resourceId,
  type Subject,
  type Switched,
  type Webhook,
} from "./connector.ts";
export {
  ConnectorError,
  type ConnectorErrorKind,
  type ConnectorFailure,
  connectorErrorKinds,
  type FailureReason,
  type Remedy,
  remedies,
} from "./connector-error.ts";
export { type Connectors, createConnectors } from "./connectors.ts";
export { type Ensured, ensure, type Preview, preview } from "./ensure.ts";
export { createMetabase, type MetabaseSettings } from "./metabase/connector.ts";
export { createN8n, type N8nConnector, type N8nSettings } from "./n8n/connector.ts";
export type { Delivery, Trigger } from "./n8n/trigger.ts";
export { createOdoo, type OdooSettings } from "./odoo/connector.ts";
export { readOwned, requireOwned } from "./owned.ts";
export {
  botpressSettings,
  type ConnectorSettings,
  chatwootSettings,
  connectorSettings,
  metabaseSettings,
  n8nSettings,
  odooSettings,
} from "./settings.ts";
export { type Clock, systemClock } from "./system-clock.ts";
export type { ConnectorOptions } from "./vendor-http.ts";
export { flagOf, type Vendor, vendors } from "./vendors.ts";
