import { json, otherMethods } from "../../../features/mcp/answer.ts";
import { services } from "../../../services.ts";

export async function GET() {
  const available = services();
  if (!available)
    return json(
      { ok: false, timestamp: new Date().toISOString(), frontend: { ok: true }, misconfigured: true },
      503,
    );
  const health = await available.health();
  return json(health, health.ok ? 200 : 503);
}

export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
