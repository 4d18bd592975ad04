import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { startSupabase } from "@smarteros/local/stack";
import getPort from "get-port";
import { importJWK } from "jose";
import { startNext } from "../next-server.ts";
import { sessionToken } from "../session-token.ts";
import { jsonOf } from "./payload.ts";
import { type Subject, screen } from "./subject.ts";

const folder = (name: string) => path.join(import.meta.dirname, "../../..", name);
const first = "/dashboard/mcp";

/**
 * Starts the web app on the embedded default with a backend that returns JSON of a given size, and its console with 100
 * tools.
 */
export async function startOurs(browser: Browser): Promise<Subject> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const port = await getPort();
  const origin = `http://localhost:${port}`;
  const stack = await startSupabase({ dataDirectory, webOrigin: origin, log: () => undefined });
  const backend = await startBackend();
  const running: { stop(): Promise<void> }[] = [backend, stack];
  async function stop() {
    for (const one of running.toReversed()) await one.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
  const start = async (name: string, at: number, probe: string, environment: Record<string, string>) => {
    const server = await startNext(folder(name), at, probe, environment).catch(async (error) => {
      await stop();
      throw error;
    });
    running.push(server);
    return server.url;
  };
  const crowd = await start("bench/console-app", await getPort(), "/", {});
  await start("web", port, "/api/mcp/ping", {
    SMARTEROS_IDENTITY: "local",
    MCP_ENABLED: "true",
    MCP_LOG_DB: "true",
    CLERK_AUTHORIZED_PARTIES: origin,
    NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: stack.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
    FASTAPI_URL: backend.url,
  });
  const key = await importJWK(stack.signingKey, "RS256");

  /** Opens a page as a new user, with a separate rate limit. */
  async function visitor(): Promise<Page> {
    const claims = { iss: stack.issuer, azp: origin, sub: `user_${randomUUID()}` };
    const value = await sessionToken(key, claims, stack.signingKey.kid);
    const page = await browser.newPage(screen);
    await page
      .context()
      .addCookies([{ name: "__session", value, url: origin, httpOnly: true, sameSite: "Lax" }]);
    return page;
  }

  return {
    visitor,
    async firstScreen(page) {
      await page.goto(origin + first);
      await page.locator("button[data-tool]").first().waitFor();
    },
    firstCall: (page) => [page.getByRole("button", { name: /tenants\.list\b.*runs/i })],
    async ready(bytes) {
      const args = JSON.stringify({ path: "/tenants", query: { bytes } });
      const page = await visitor();
      await page.goto(`${origin}${first}#${new URLSearchParams({ tool: "fastapi.get", args })}`);
      await page.getByRole("textbox", { name: /^path/ }).waitFor();
      return { page, run: page.getByRole("button", { name: /^Run\b/ }) };
    },
    result: '[role="treeitem"]',
    async crowded() {
      const page = await visitor();
      await page.goto(crowd);
      return {
        page,
        search: page.locator("[data-tool-search]"),
        tool: ({ name }) => page.locator(`button[data-tool="${name}"]`),
        asJson: page.getByRole("tab", { name: "JSON" }),
        asForm: page.getByRole("tab", { name: "Form" }),
      };
    },
    stop,
  };
}

/** Starts a fake backend whose responses have the number of bytes of `?bytes`. */
async function startBackend() {
  const server = createServer((request, response) => {
    const bytes = Number(new URL(request.url ?? "/", "http://backend").searchParams.get("bytes"));
    response.writeHead(200, { "Content-Type": "application/json" }).end(jsonOf(bytes));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
