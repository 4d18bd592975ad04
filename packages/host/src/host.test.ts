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
const backend = { url: "http://127.0.0.1:2", secret: "0".repeat(32), paths: [] };

it("has no backend tools and no port to a backend where none is configured", () => {
  const host = createHost(settings, options);
  expect(host.catalog.names()).toContain("tenants.list");
  expect(host.catalog.names().filter((name) => name.startsWith("services."))).toEqual([]);
  expect(host.forUser("token").ports).not.toHaveProperty("backend");
});

it("has backend tools and a port to the backend where one is configured", () => {
  const host = createHost({ ...settings, backend }, options);
  expect(host.catalog.names()).toContain("services.provision");
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
