import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { answerWith, controlledServer, passOn } from "./controlled-server.ts";
import { clerkEnvironment } from "./environments.ts";
import { newTenant, send } from "./http-client.ts";
import { tokenOf } from "./tokens.ts";
import { logOf, startWeb, type WebServer } from "./web-server.ts";

const embedded = inject("embedded");

/** The main part of a page as text. */
async function mainOf(web: { url: string; logFile: string }, token: string, path: string) {
  const { status, text } = await send(web, path, {
    headers: { Cookie: `__session=${token}; __client_uat=1` },
  });
  const main = text.replace(/^[\s\S]*<main/, "").replace(/<script[\s\S]*?<\/script>/g, "");
  return { status, text: main };
}

test("a tenant's page says that no worker has reported, and offers to provision", async () => {
  const { local } = inject("web");
  const token = await tokenOf(local);
  const { id } = await newTenant(local, token);
  const { status, text } = await mainOf(local, token, `/dashboard/tenants/${id}`);
  expect(status).toBe(200);
  expect(text).toContain("Las solicitudes están en espera");
  expect(text).toContain("Sin habilitar");
});

describe("the pages of tenants and runs with a database that does not answer", () => {
  let supabase: Awaited<ReturnType<typeof controlledServer>>;
  let web: WebServer;
  beforeAll(async () => {
    supabase = await controlledServer(passOn(embedded.supabaseUrl));
    web = await startWeb((origin) => ({
      ...clerkEnvironment(embedded, origin),
      NEXT_PUBLIC_SUPABASE_URL: supabase.url,
    }));
  });
  afterAll(() => Promise.all([web?.stop(), supabase?.stop()]));

  test.each([
    "tenants",
    "tenants/00000000-0000-4000-8000-000000000000",
    "tenants/review",
    "upgrade",
    "runs",
    "runs/00000000-0000-4000-8000-000000000000",
  ])(
    "/dashboard/%s says what failed, under an id that the log knows, and nothing of the cause",
    async (path) => {
      supabase.become(answerWith(503, "postgres://root:hunter2@db/1"));
      const { text } = await mainOf(web, await tokenOf(web), `/dashboard/${path}`);
      expect(text).toContain("No se pudieron cargar los datos");
      expect(text).toContain("unavailable");
      const [requestId] = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(text) ?? [];
      expect(logOf(web)).toMatch(new RegExp(`MCP_PAGE_ERROR.*${requestId}`));
      expect(text).not.toMatch(/hunter2|postgres:/);
    },
  );
});
