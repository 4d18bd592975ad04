export { createOutageNotifier } from "./database-outage.ts";
export { createDelivery } from "./delivery.ts";
export { createEvaluation } from "./evaluate.ts";
export { send } from "./send.ts";
