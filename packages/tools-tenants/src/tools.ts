import { createTenant } from "./tools/create.ts";
import { deleteTenant } from "./tools/delete.ts";
import { getTenant } from "./tools/get.ts";
import { handOverTenants } from "./tools/hand-over.ts";
import { listTenants } from "./tools/list.ts";
import { resolveTenant } from "./tools/resolve.ts";
import { restoreTenant } from "./tools/restore.ts";
import { updateServices } from "./tools/update-services.ts";

/** The tenant tools, for a catalog. */
export const tenantTools = [
  listTenants,
  getTenant,
  createTenant,
  updateServices,
  deleteTenant,
  restoreTenant,
  resolveTenant,
  handOverTenants,
];
