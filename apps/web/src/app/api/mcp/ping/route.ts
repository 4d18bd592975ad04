import { services } from "../../../../app-context.ts";
import { json, otherMethods } from "../../../../http/respond.ts";
import { version } from "../../../../version.ts";

const service = "mcp";

export async function GET() {
  const available = services();
  if (!available)
    return json({ ok: false, service, misconfigured: true, reason: "wrong settings; the log names them" });
  if (!available.settings.enabled)
    return json({ ok: false, service, disabled: true, reason: "MCP_ENABLED not true" });
  return json({ ok: true, service, version });
}

export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
