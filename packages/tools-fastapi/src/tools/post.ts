import { defineTool } from "@smarteros/core";
import * as z from "zod";
import type { AllowList } from "../allow-list.ts";
import { commonCapability, describePaths } from "../listed-paths.ts";
import type { BackendPorts } from "../ports.ts";
import { path } from "../request-input.ts";
import { backendResponse } from "../response.ts";

/** Makes the tool that posts to the paths of a list which has paths to post to. */
export const postToBackend = (allowed: AllowList) =>
  defineTool<BackendPorts>()({
    name: "fastapi.post",
    description: `Use to post to the backend by path, with the JSON body that the path takes: ${describePaths(allowed, "POST")}.`,
    requires: commonCapability(allowed, "POST"),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    input: z.strictObject({
      path,
      body: z.record(z.string(), z.unknown()).optional().describe("JSON; each path has its own schema."),
    }),
    output: backendResponse,
    handler: ({ input, call, ports }) => ports.backend.request({ allowed, method: "POST", ...input }, call),
  });
