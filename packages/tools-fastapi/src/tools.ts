import { getFromBackend } from "./tools/get.ts";
import { registerWorkflow } from "./tools/n8n/register.ts";
import { triggerWorkflow } from "./tools/n8n/trigger.ts";
import { postToBackend } from "./tools/post.ts";
import { adoptServices } from "./tools/services/adopt.ts";
import { cancelRun } from "./tools/services/cancel.ts";
import { provisionServices } from "./tools/services/provision.ts";
import { removeServices } from "./tools/services/remove.ts";
import { retryRun } from "./tools/services/retry.ts";
import { serviceStatus } from "./tools/services/status.ts";

/** The tools that the backend does the work of, for a catalog. */
export const backendTools = [
  getFromBackend,
  postToBackend,
  provisionServices,
  serviceStatus,
  retryRun,
  cancelRun,
  adoptServices,
  removeServices,
  triggerWorkflow,
  registerWorkflow,
];
