import { type AuditStore, mcpDisabled, type Pipeline, SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { type AuthenticationServices, authenticate } from "../../http/authenticate.ts";
import { readJson } from "../../http/read-json.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { failure, success } from "../../http/respond.ts";

/** What a call of a tool needs of the app's services; `Ports` are those of the catalog's tools. */
export type CallServices<Ports> = AuthenticationServices & {
  settings: { enabled: boolean };
  pipeline: Pipeline<Ports>;
  forUser(session: Session): { ports: Ports; audit: AuditStore | undefined };
};

/** `POST /api/mcp/tool`: switch, credential, media type, size, JSON, name; then the pipeline. */
export async function callTool<Ports>(
  context: RequestContext,
  services: CallServices<Ports>,
): Promise<Response> {
  if (!services.settings.enabled) throw mcpDisabled();
  const session = await authenticate(context, services);
  const { name, args } = toolCall(await readJson(context.request));
  const { ports, audit } = services.forUser(session);
  const outcome = await services.pipeline.invoke({
    name,
    args,
    principal: session.principal,
    ports,
    audit,
    transport: "http",
    requestId: context.requestId,
    signal: context.request.signal,
  });
  context.limit = outcome.meta.limit ?? context.limit;
  return outcome.ok
    ? success(context, outcome.result, outcome.meta.durationMs)
    : failure(context, outcome.error, outcome.meta.durationMs);
}

function toolCall(body: unknown): { name: string; args: unknown } {
  if (
    typeof body !== "object" ||
    body === null ||
    !("name" in body) ||
    typeof body.name !== "string" ||
    body.name === ""
  ) {
    throw new SmarterosError(
      "missing_name",
      'The body must name a tool: {"name": "tenants.list", "args": {}}.',
    );
  }
  const { name, args, ...unknown } = body as { name: string; args?: unknown };
  const [stray] = Object.keys(unknown);
  if (stray !== undefined) {
    const message = 'Unknown key. A call is {"name", "args"}.';
    const path = stray.slice(0, 64);
    throw new SmarterosError("invalid_input", `${path}: ${message}`, { issues: [{ path, message }] });
  }
  return { name, args };
}
