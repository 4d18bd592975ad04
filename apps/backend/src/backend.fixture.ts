import { createPrincipal, lineLogger, type Role, uuidv7 } from "@smarteros/core";
import { asTestUser } from "@smarteros/supabase/testing";
import { signAssertion } from "@smarteros/tools-fastapi/assertion";
import type { ServiceFlags } from "@smarteros/tools-tenants";
import { supabaseTenants } from "@smarteros/tools-tenants/supabase";
import { randomRut } from "@smarteros/tools-tenants/testing";
import getPort from "get-port";
import { inject, vi } from "vitest";
import type { BackendSettings } from "./env.ts";
import { start } from "./server.ts";

export const embedded = inject("embedded");
export const secret = "a secret for tests, of more than 32 characters";

/** Starts a backend on the embedded Supabase; `lines` is its log. */
export async function startBackend(change: Partial<BackendSettings> = {}) {
  const port = await getPort({ host: "127.0.0.1" });
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const backend = await start({
    settings: {
      host: "127.0.0.1",
      port,
      origin: url,
      secret,
      supabase: { url: embedded.supabaseUrl, serviceRoleKey: embedded.secretKey },
      ...change,
    },
    logger: lineLogger({ info: write, error: write }),
  });
  return { ...backend, url, port, lines };
}

/** Creates a principal's call as tools receive it. */
export function callOf(userId: string, role: Role = "operator") {
  const { signal } = new AbortController();
  return { principal: createPrincipal(userId, role), requestId: uuidv7(), invocationId: uuidv7(), signal };
}

/** Returns headers with a new assertion for the backend at `url`. */
export async function asserted(url: string, userId: string, role: Role = "operator") {
  const assertion = await signAssertion(new TextEncoder().encode(secret), url, callOf(userId, role));
  return { Authorization: `Bearer ${assertion}` };
}

/** Repeats what a test looks at until it throws no more; what a worker brings about takes seconds. */
export const until = <T>(look: () => Promise<T>) => vi.waitFor(look, { timeout: 15_000, interval: 100 });

/** Returns a new user id. */
export const newUser = () => `user_${uuidv7()}`;

/** Creates a tenant store of a user, as the product does. */
export async function tenantsOf(userId: string) {
  const store = supabaseTenants(await asTestUser(embedded, userId));
  const call = callOf(userId);
  return {
    create: (businessName = "Demo SpA", services: Partial<ServiceFlags> = {}) =>
      store.create({ rut: randomRut(), businessName, services }, call),
    find: (id: string) => store.find(id, call),
    remove: (id: string, deprovision = false) => store.delete(id, { deprovision }, call),
    restore: (id: string) => store.restore(id, call),
    switch: (id: string, services: Partial<ServiceFlags>) => store.mergeServices(id, services, call),
  };
}

/** Properties of JSON bodies that the tests read. */
type Body = {
  ok: boolean;
  error: string;
  issues: { path: string; message: string }[];
  timestamp: string;
  tenant: { id: string; active: boolean };
  tenants: { id: string }[];
  nextCursor?: string;
  openapi: string;
  paths: Record<string, Record<string, { security: object[] }>>;
  components: { securitySchemes: Record<string, { scheme: string }> };
};

/** Parses the JSON body of a response. */
export async function bodyOf(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}
