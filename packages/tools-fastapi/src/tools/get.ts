import { defineTool } from "@smarteros/core";
import * as z from "zod";
import type { AllowList } from "../allow-list.ts";
import { commonCapability, describePaths } from "../listed-paths.ts";
import type { BackendPorts } from "../ports.ts";
import { path, query } from "../request-input.ts";
import { backendResponse } from "../response.ts";

/** Makes the tool that reads the paths of a list which has paths to read. */
export const getFromBackend = (allowed: AllowList) =>
  defineTool<BackendPorts>()({
    name: "fastapi.get",
    description: `Use to read the backend by path: ${describePaths(allowed, "GET")}.`,
    requires: commonCapability(allowed, "GET"),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    input: z.strictObject({ path, query: query.optional() }),
    output: backendResponse,
    handler: ({ input, call, ports }) => ports.backend.request({ allowed, method: "GET", ...input }, call),
  });
