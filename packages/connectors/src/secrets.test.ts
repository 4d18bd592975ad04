import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Connector } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import { connectorsFor, createDirectly, never, newSubject } from "./connectors.fixture.ts";

// A vendor that echoes the request in its body and its headers, with any status, type and form.

const marker = "m4rk3r-of-what-nobody-may-see";
let reply = { status: 500, type: "text/plain", body: "", reset: false };
const server = createServer(async (request, response) => {
  let received = `${request.url} ${JSON.stringify(request.headers)}`;
  for await (const chunk of request) received += chunk;
  if (reply.reset) return void response.destroy();
  response.writeHead(reply.status, { "Content-Type": reply.type, "X-Echo": marker });
  response.end(reply.body.replaceAll("TOLD", JSON.stringify(`${received} ${marker}`).slice(1, -1)));
});
let connectors: Connector[];
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Part of the address too, which may be internal.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${marker}`;
  const settings = {
    CHATWOOT_URL: url,
    CHATWOOT_ACCOUNT_ID: "1",
    CHATWOOT_API_TOKEN: marker,
    BOTPRESS_URL: url,
    BOTPRESS_TOKEN: marker,
    BOTPRESS_WORKSPACE_ID: marker,
    ODOO_URL: url,
    ODOO_API_KEY: marker,
    ODOO_DATABASE: marker,
    N8N_URL: url,
    N8N_API_KEY: marker,
    N8N_WEBHOOK_SECRET: `${marker}-${marker}`,
    METABASE_URL: url,
    METABASE_API_KEY: marker,
    METABASE_TEMPLATE_DASHBOARD_ID: "1",
  };
  connectors = Object.values(connectorsFor(settings)) as Connector[];
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const bodies = [
  "TOLD",
  '{"error":"TOLD"}',
  '{"message":"TOLD","trace":["TOLD"]}',
  '{"id":"err_1","code":1,"type":"TOLD","message":"TOLD"}',
  '{"name":"odoo.exceptions.TOLD","message":"TOLD","debug":"TOLD"}',
  '"TOLD"',
  '{"TOLD":',
  "{}",
  "",
];

it("no error contains part of a key, an address or a body", async () => {
  const replies = fc.record({
    status: fc.constantFrom(200, 201, 301, 302, 400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 501),
    type: fc.constantFrom(
      "application/json",
      "text/html",
      "text/plain",
      "application/problem+json",
      "nonsense",
    ),
    body: fc.constantFrom(...bodies),
    reset: fc.nat(9).map((number) => number === 0),
  });
  const subject = newSubject({ businessName: `Name ${marker}`, rut: marker });
  let seen = 0;
  const works = (connector: Connector) => [
    () => createDirectly(connector, subject, never()),
    () => connector.find(subject, never()),
    () => connector.health(never()),
  ];
  await fc.assert(
    fc.asyncProperty(replies, async (given) => {
      reply = given;
      // A response with 200 may be usable, so that there is no error to check.
      const all = connectors.flatMap((connector) => works(connector).map((work) => work()));
      for (const { reason } of (await Promise.allSettled(all)) as PromiseRejectedResult[]) {
        if (reason === undefined) continue;
        seen++;
        expect(ConnectorError.isInstance(reason), String(reason)).toBe(true);
        expect(reason).not.toHaveProperty("cause");
        const whole = inspect(reason, { depth: 9, showHidden: true });
        for (const text of [String(reason), reason.stack, JSON.stringify(reason), whole]) {
          expect(text).not.toContain(marker);
        }
      }
    }),
    { numRuns: 60 },
  );
  expect(seen).toBeGreaterThan(300);
});
