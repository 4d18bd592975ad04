import type { Tool } from "@smarteros/core";
import { createAllowList } from "./allow-list.ts";
import type { AllowedPath } from "./allowed-paths.ts";
import { hasPaths } from "./listed-paths.ts";
import type { BackendPorts, ProvisioningPorts } from "./ports.ts";
import { getFromBackend } from "./tools/get.ts";
import { registerWorkflow } from "./tools/n8n/register.ts";
import { triggerWorkflow } from "./tools/n8n/trigger.ts";
import { postToBackend } from "./tools/post.ts";
import { adoptServices } from "./tools/services/adopt.ts";
import { cancelRun } from "./tools/services/cancel.ts";
import { provisionServices } from "./tools/services/provision.ts";
import { reconcileServices } from "./tools/services/reconcile.ts";
import { removeServices } from "./tools/services/remove.ts";
import { retryRun } from "./tools/services/retry.ts";
import { serviceStatus } from "./tools/services/status.ts";

export type BackendToolsOptions = {
  /** The paths that `fastapi.get` and `fastapi.post` may call; `defaultPaths` by default. */
  paths?: readonly AllowedPath[] | undefined;
};

/** Services and workflows of tenants. */
export const provisioningTools = [
  provisionServices,
  serviceStatus,
  retryRun,
  cancelRun,
  reconcileServices,
  adoptServices,
  removeServices,
  triggerWorkflow,
  registerWorkflow,
] as Tool<ProvisioningPorts>[];

/**
 * Makes the tools that call the service behind FASTAPI_URL, for a catalog. `fastapi.get` and `fastapi.post` are left out where the list has
 * no path for them. Throws a TypeError that names each invalid entry of the list.
 */
export function createBackendTools({ paths }: BackendToolsOptions = {}): Tool<BackendPorts>[] {
  const list = createAllowList(paths);
  return [
    ...(hasPaths(list, "GET") ? [getFromBackend(list)] : []),
    ...(hasPaths(list, "POST") ? [postToBackend(list)] : []),
  ] as Tool<BackendPorts>[];
}
