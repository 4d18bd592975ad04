import { defineTool } from "@smarteros/core";
import * as z from "zod";
import { answer } from "../answer.ts";
import type { BackendPorts } from "../ports.ts";
import { path, query } from "../request-input.ts";

export const getFromBackend = defineTool<BackendPorts>()({
  name: "fastapi.get",
  description:
    "Use to read the backend by path: /health, /tenants, /tenants/:id; with query tenant_id /chatwoot/inbox, /botpress/workspace, /odoo/company, /n8n/workflow, /metabase/dashboard.",
  requires: "write",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ path, query: query.optional() }),
  output: answer,
  handler: ({ input, call, ports }) => ports.backend.request({ method: "GET", ...input }, call),
});
