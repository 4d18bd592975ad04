import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createPrincipal, uuidv7 } from "@smarteros/core";
import { expect, it } from "vitest";
import { createHost, type HostSettings } from "./host.ts";

const supabase = { url: "http://127.0.0.1:1", publishableKey: "sb_publishable_x" };
const settings: HostSettings = {
  enabled: true,
  logToDatabase: true,
  callsPerMinute: 30,
  supabase,
  databaseSettings: {},
};
const logger = { info: () => undefined, error: () => undefined };
const options = { logger, defer: () => undefined };
const backend = {
  url: "http://127.0.0.1:2",
  secret: "0".repeat(32),
  paths: [{ method: "GET" as const, path: "/reports" }],
};

it("has no fastapi tools and no port to a service where none is configured, and tools of services all the same", () => {
  const host = createHost(settings, options);
  expect(host.catalog.names()).toContain("tenants.list");
  expect(host.catalog.names()).toContain("services.provision");
  expect(host.catalog.names().filter((name) => name.startsWith("fastapi."))).toEqual([]);
  expect(host.forUser("token").ports).not.toHaveProperty("backend");
  expect(host.forUser("token").ports).toHaveProperty("provisioning");
});

it("has fastapi tools and a port to their service where one is configured", () => {
  const host = createHost({ ...settings, backend }, options);
  expect(host.catalog.names()).toContain("fastapi.get");
  expect(host.forUser("token").ports).toHaveProperty("backend");
});

it("records calls as the user without a service role key, and not at all where the database log is off", () => {
  expect(createHost(settings, options).forUser("token").audit).toBeDefined();
  expect(createHost({ ...settings, logToDatabase: false }, options).forUser("token").audit).toBeUndefined();
});

it("names the tools of the catalog and the other names as recorded, sorted", () => {
  const { catalog, recordedNames } = createHost(settings, { ...options, otherNames: ["alerts.saveRule"] });
  expect(recordedNames).toEqual([...catalog.names(), "alerts.saveRule"].sort());
});

it("requests services of the backend where its URL is set, and else of Supabase as the user", async () => {
  const requested: string[] = [];
  const upstream = createServer((request, response) => {
    requested.push(request.url ?? "");
    response.writeHead(404, { "Content-Type": "application/json" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const principal = createPrincipal("user_1", "operator");
  const { signal } = new AbortController();
  const call = { principal, requestId: uuidv7(), invocationId: uuidv7(), signal };
  const askFor = (given: Partial<HostSettings>) =>
    createHost({ ...settings, ...given }, options)
      .forUser("token")
      .ports.provisioning.retry(uuidv7(), call)
      .catch(() => undefined);
  await askFor({ provisioningBackend: { url, secret: "0".repeat(32) } });
  await askFor({ supabase: { ...supabase, url } });
  upstream.close();
  upstream.closeAllConnections();
  expect(requested).toEqual([
    expect.stringMatching(/^\/services\/runs\/[\w-]+\/retry$/),
    "/rest/v1/rpc/request_retry",
  ]);
});
