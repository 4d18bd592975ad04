import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { probe } from "./probe.ts";

async function serve(respond: RequestListener): Promise<string> {
  const server = createServer(respond);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const latencyMs = expect.any(Number);

it("reports a healthy response, an unhealthy one and none with fixed texts", async () => {
  const good = await serve((_request, response) => void response.end("fine"));
  expect(await probe((signal) => fetch(good, { signal }))).toEqual({ ok: true, latencyMs });
  const bad = await serve((_request, response) => void response.writeHead(503).end("at /srv/app.js:1"));
  expect(await probe((signal) => fetch(bad, { signal }))).toEqual({
    ok: false,
    latencyMs,
    error: "status 503",
  });
  const reset = await serve((request) => void request.socket.destroy());
  expect(await probe((signal) => fetch(reset, { signal }))).toEqual({
    ok: false,
    latencyMs,
    error: "unreachable",
  });
  const wrong = async () => ({ ok: false, status: 200, error: "unexpected answer" });
  expect(await probe(wrong)).toEqual({ ok: false, latencyMs, error: "unexpected answer" });
});

it("waits no longer than its deadline", async () => {
  const url = await serve(() => undefined);
  const seen = await probe((signal) => fetch(url, { signal }), 100);
  expect(seen).toEqual({ ok: false, latencyMs, error: "timeout" });
  expect(seen.latencyMs).toBeLessThan(10_000);
});

it("releases the connection of an unread response", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serve((_request, response) => {
    response.write("the first of many");
    response.once("close", () => closed.resolve());
  });
  expect((await probe((signal) => fetch(url, { signal }))).ok).toBe(true);
  await closed.promise;
});
