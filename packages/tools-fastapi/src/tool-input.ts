import * as z from "zod";

/** In lower case, as the backend returns it. */
export const tenantId = z.uuid("Not a tenant id. It is a UUID.").toLowerCase().describe("Tenant id (UUID).");
export const runId = z
  .uuid("Not a run id. It is a UUID, as starting or showing a run answers it.")
  .toLowerCase()
  .describe("Run id (UUID).");
