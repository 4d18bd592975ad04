import { json, notAllowed, options } from "../../../features/mcp/answer.ts";
import { services } from "../../../services.ts";

const methods = ["GET", "HEAD", "OPTIONS"];

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
export const OPTIONS = options(...methods);
export const POST = notAllowed(...methods);
export const PUT = POST;
export const PATCH = POST;
export const DELETE = POST;
