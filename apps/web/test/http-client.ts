import { randomInt } from "node:crypto";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import type { RunningWeb } from "./web-server.ts";

/** Properties of JSON bodies that the tests read. */
type Body = {
  ok: boolean;
  error: string;
  message: string;
  issues: { path: string; message: string }[];
  result: { tenant: Tenant; tenants: Tenant[]; nextCursor?: string };
  items: Record<string, unknown>[];
  availableTools: { name: string }[];
  meta: { durationMs: number; requestId: string };
  existingId: string;
  retryAfterMs: number;
};
type Tenant = { id: string; rut: string; business_name: string; active: boolean; services_enabled: object };

/** A response with its body read once, as text and, where it is JSON, as a value. */
export type HttpResponse = { status: number; headers: Headers; text: string; body: Body };

/** Creates an address for `X-Forwarded-For`: failures are counted by address, and tests must not share theirs. */
export const newAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

/** Sends one request as it is given, from an address of its own, and follows no redirect. */
export async function send(web: RunningWeb, path: string, init: RequestInit = {}): Promise<HttpResponse> {
  const headers = new Headers(init.headers);
  if (!headers.has("x-forwarded-for")) headers.set("x-forwarded-for", newAddress());
  const response = await fetch(web.url + path, { redirect: "manual", ...init, headers });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : undefined,
  };
}

/** Sends a body to `POST /api/mcp/tool`: an object as JSON, a string as it is. */
export function post(
  web: RunningWeb,
  token: string | undefined,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<HttpResponse> {
  return send(web, "/api/mcp/tool", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** Calls a tool. */
export function call(web: RunningWeb, token: string, name: string, args?: unknown): Promise<HttpResponse> {
  return post(web, token, { name, args });
}

/** Returns what most tests look at first: the status and the error code. */
export function outcome({ status, body }: HttpResponse): [number, string | undefined] {
  return [status, body?.ok === true ? "ok" : body?.error];
}

/** Creates a tenant of the user of a token. */
export async function newTenant(web: RunningWeb, token: string, rut = newRut()): Promise<Tenant> {
  const { body, text } = await call(web, token, "tenants.create", { rut, businessName: "Los Andes SpA" });
  if (!body.ok) throw new Error(text);
  return body.result.tenant;
}
