import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { answer } from "../answer.ts";
import type { BackendPorts } from "../ports.ts";
import { path } from "../request-input.ts";

export const postToBackend = defineTool<BackendPorts>()({
  name: "fastapi.post",
  description:
    'Post to an allow-listed path of the backend: /validate with {"ping": true}. Use to check that it takes requests.',
  requires: "write",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    path,
    body: z.record(z.string(), z.unknown()).optional().describe("JSON; each path has its own schema."),
  }),
  output: answer,
  handler: ({ input, call, ports }) => ports.backend.request({ method: "POST", ...input }, call),
});
