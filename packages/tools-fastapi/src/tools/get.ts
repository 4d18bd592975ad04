import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { answer } from "../answer.ts";
import type { BackendPorts } from "../ports.ts";
import { path, query } from "../request-input.ts";

export const getFromBackend = defineTool<BackendPorts>()({
  name: "fastapi.get",
  description:
    "Read from the backend by an allow-listed path: /health, /tenants, /tenants/:id. Use when no other tool shows it.",
  requires: "write",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ path, query: query.optional() }),
  output: answer,
  handler: ({ input, call, ports }) => ports.backend.request({ method: "GET", ...input }, call),
});
