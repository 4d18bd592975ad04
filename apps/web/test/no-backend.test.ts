// A worker that reports would change what the files on the shared project see. Imported first.
import "./own-project.ts";

import { vendors } from "@smarteros/connectors";
import { startSandboxes } from "@smarteros/connectors/sandbox";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { answerWith, controlledServer } from "./controlled-server.ts";
import { localEnvironment } from "./environments.ts";
import { call, type HttpResponse, newTenant, outcome, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { startWeb, type WebServer } from "./web-server.ts";

// A deployment of the web app, the database and the cron route alone. FASTAPI_URL is the user's own service, which has
// `/health` and `/validate` only.

const secret = "a secret of the tests, of more than 32 characters";
let sandboxes: Awaited<ReturnType<typeof startSandboxes>>;
let stub: Awaited<ReturnType<typeof controlledServer>>;
let web: WebServer;
beforeAll(async () => {
  sandboxes = await startSandboxes();
  stub = await controlledServer((request, response) =>
    answerWith(["/health", "/validate"].includes(request.url ?? "") ? 200 : 404, "{}")(request, response),
  );
  web = await startWeb((origin) => ({
    ...localEnvironment(inject("embedded"), origin),
    ...sandboxes.settings,
    FASTAPI_URL: stub.url,
    CRON_SECRET: secret,
  }));
});
afterAll(async () => {
  await web?.stop();
  await Promise.all([stub?.stop(), sandboxes?.stop()]);
});

const work = (authorization?: string) =>
  send(web, "/api/cron/work", { headers: authorization ? { Authorization: authorization } : {} });
type Answer = { result: { services: Record<string, { state: string }>; notice?: string; plan: object[] } };
const resultOf = ({ body }: HttpResponse) => (body as unknown as Answer).result;

test("five services of a new tenant are active after calls of the cron route", async () => {
  const token = await tokenOf(web, newUser());
  const { id: tenantId } = await newTenant(web, token);
  const requested = await call(web, token, "services.provision", { tenantId, services: vendors });
  expect(outcome(requested)).toEqual([200, "ok"]);
  // Not called yet, so no worker has reported.
  expect(resultOf(requested).notice).toContain("cron route");

  const worked = await work(`Bearer ${secret}`);
  expect([worked.status, worked.body]).toMatchObject([
    200,
    { ok: true, result: { tasks: expect.any(Number) } },
  ]);
  const status = resultOf(await call(web, token, "services.status", { tenantId }));
  expect(status.notice).toBeUndefined();
  expect(Object.fromEntries(vendors.map((vendor) => [vendor, status.services[vendor]?.state]))).toEqual(
    Object.fromEntries(vendors.map((vendor) => [vendor, "active"])),
  );
  expect(stub.seen).toEqual([]);
}, 90_000);

test("a plan is answered by a call of the cron route that runs meanwhile", async () => {
  const token = await tokenOf(web, newUser());
  const { id: tenantId } = await newTenant(web, token);
  const plan = call(web, token, "services.provision", { tenantId, services: ["odoo"], dryRun: true });
  await work(`Bearer ${secret}`);
  expect(resultOf(await plan).plan).toMatchObject([{ service: "odoo", outcome: "create" }]);
}, 90_000);

test.each([undefined, "Bearer", "Bearer wrong", secret, `Basic ${secret}`, `bearer ${secret}`])(
  "the cron route refuses the credential %o",
  async (authorization) => {
    const refused = await work(authorization);
    expect(outcome(refused)).toEqual([401, "unauthorized"]);
    expect(refused.text).not.toContain(secret);
  },
);

test("the cron route has no other method", async () => {
  const headers = { Authorization: `Bearer ${secret}` };
  expect(outcome(await send(web, "/api/cron/work", { method: "POST", headers }))).toEqual([
    405,
    "method_not_allowed",
  ]);
});
