import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { lagHeader } from "./vendor-fake.ts";

/** Sends half of a response and closes the connection. */
export async function cutOff(response: Response, outgoing: ServerResponse): Promise<Response> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const headers = { ...Object.fromEntries(response.headers), "Content-Length": bytes.byteLength };
  outgoing.writeHead(response.status, headers);
  outgoing.write(bytes.subarray(0, bytes.byteLength / 2), () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

/** Fields that hold the rows of a list at the vendors. */
const listFields = ["payload", "bots", "workspaces", "data"];

/** Removes the second half of the rows of a page; its totals and the place of the next page stay. */
export async function shortened(response: Response): Promise<Response> {
  const { status, headers } = response;
  const body: unknown = await response.json();
  const half = (rows: unknown[]) => rows.slice(0, rows.length / 2);
  if (Array.isArray(body)) return Response.json(half(body), { status });
  const fields = Object.entries(body as object).map(([field, value]) => {
    return [field, listFields.includes(field) && Array.isArray(value) ? half(value) : value];
  });
  return new Response(JSON.stringify(Object.fromEntries(fields)), { status, headers });
}

/** Returns the request for a list as it was `ms` ago. */
export function lagging(request: Request, ms: number): Request {
  const headers = new Headers(request.headers);
  headers.set(lagHeader, String(ms));
  return new Request(request, { headers });
}
