import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startBackend } from "../apps/backend/src/backend.fixture.ts";
import { trickle } from "../apps/web/test/trickle.ts";

// The web app has a similar test in apps/web/test.

const embedded = inject("embedded");
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());

const head = (url: string, path: string) =>
  `POST ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\napikey: ${embedded.publishableKey}\r\n`;

describe.each([
  ["the backend", () => backend.url, "/validate"],
  ["the embedded REST API", () => embedded.supabaseUrl, "/rest/v1/rpc/ping"],
])("%s ends with 408", (_what, url, path) => {
  test.concurrent("headers that trickle in", async ({ expect: check }) => {
    check(await trickle(url(), head(url(), path), "X-A: b\r\n")).toMatch(/^HTTP\/1\.1 408 /);
  }, 60_000);

  test.concurrent("a body that trickles in", async ({ expect: check }) => {
    const fields = "Content-Type: application/json\r\nContent-Length: 2000\r\n\r\n";
    check(await trickle(url(), head(url(), path) + fields, " ")).toMatch(/^HTTP\/1\.1 408 /);
  }, 60_000);
});

test("a request that arrives immediately gets a response", async () => {
  expect((await fetch(`${backend.url}/validate`, { method: "POST" })).status).toBeGreaterThanOrEqual(400);
  expect((await fetch(`${embedded.supabaseUrl}/identity/jwks.json`)).status).toBe(200);
});
