import { auth } from "@clerk/nextjs/server";
import { createPrincipal } from "@smarteros/core";
import { services } from "../../../services.ts";

/** Runs the same tool through the same pipeline, behind Clerk's middleware and auth(). */
export async function POST(request: Request) {
  const { userId } = await auth();
  if (!userId) return Response.json({ ok: false }, { status: 401 });
  const { name, args } = await request.json();
  const principal = createPrincipal(userId, "operator");
  const outcome = await services().pipeline.invoke({
    name,
    args,
    principal,
    ports: {} as never,
    transport: "http",
    requestId: "r",
  });
  return Response.json(outcome.ok ? { ok: true, result: outcome.result } : { ok: false }, {
    status: outcome.ok ? 200 : 500,
  });
}
