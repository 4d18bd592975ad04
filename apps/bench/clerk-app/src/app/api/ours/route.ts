import { uuidv7 } from "@smarteros/core";
import { callTool } from "@smarteros/web/call-tool";
import { services } from "../../../services.ts";

/** Runs the product's HTTP transport with a tool that does nothing. */
export async function POST(request: Request) {
  return callTool({ request, requestId: uuidv7(), startedAt: performance.now() }, services());
}
