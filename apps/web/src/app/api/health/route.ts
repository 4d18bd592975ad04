import { services } from "../../../app-context.ts";
import { healthResponse } from "../../../features/health-check/respond.ts";
import { json, otherMethods } from "../../../http/respond.ts";

export async function GET(request: Request) {
  const available = services();
  if (!available)
    return json(
      { ok: false, timestamp: new Date().toISOString(), frontend: { ok: true }, misconfigured: true },
      503,
    );
  return healthResponse(request, available);
}

export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
