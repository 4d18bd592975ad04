export { checkedVersions } from "./checked-versions.ts";
export {
  type Connector,
  type Health,
  type Probe,
  type Resource,
  type ResourceId,
  resourceId,
  type Settling,
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
export {
  type ConnectorSettings,
  type Connectors,
  connectorSettings,
  createConnectors,
  settingsOf,
} from "./connectors.ts";
export { type Ensured, ensure, findSettled, type Preview, preferred, preview } from "./ensure.ts";
export { type Intent, type Intents, type Settlement, searchGapMs } from "./intents.ts";
export type { N8nConnector } from "./n8n/connector.ts";
export type { Delivery, Trigger } from "./n8n/trigger.ts";
export type { WorkflowResponse } from "./n8n/workflow-response.ts";
export { readOwned, requireOwned } from "./owned.ts";
export type { ResourceUrls } from "./resource-urls.ts";
export { type Clock, systemClock } from "./system-clock.ts";
export { Unsettled } from "./unsettled.ts";
export type { ConnectorOptions } from "./vendor-http.ts";
export { byVendor, flagOf, idForms, type Vendor, vendorDetails, vendorNames, vendors } from "./vendors.ts";
