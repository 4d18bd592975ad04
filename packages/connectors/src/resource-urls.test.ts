import { expect, it } from "vitest";
import {
  type ConnectorSettings,
  connectorSettings,
  createConnectors,
  vendorDetails,
  vendors,
} from "./index.ts";
import { sandboxSettings } from "./sandbox/index.ts";
import type { Vendor } from "./vendors.ts";

/** Returns the addresses of all connectors with these settings beside those of a vendor at `url`. */
function urlsAt(url: string, settings: Record<string, string> = {}) {
  const environment: Record<string, string> = Object.assign(
    {},
    ...vendors.map((vendor) => sandboxSettings(vendor, url)),
    { CHATWOOT_ACCOUNT_ID: "3", BOTPRESS_WORKSPACE_ID: "wkspace_1" },
    settings,
  );
  const parsed = Object.entries(connectorSettings).map(([name, schema]) => [
    name,
    schema.parse(environment[name]),
  ]);
  return createConnectors(Object.fromEntries(parsed) as ConnectorSettings).resourceUrls;
}

it.each(["https://vendor.example.test", "https://vendor.example.test/"])(
  "addresses of resources at %s",
  (url) => {
    const { chatwoot, odoo, n8n, metabase } = urlsAt(url);
    expect(chatwoot).toEqual({ "": "https://vendor.example.test/app/accounts/3/inbox/{id}" });
    expect(odoo).toEqual({ "": "https://vendor.example.test/odoo/res.company/{id}" });
    expect(n8n).toEqual({
      tag: "https://vendor.example.test/home/workflows?tags={id}",
      project: "https://vendor.example.test/projects/{id}/workflows",
    });
    expect(metabase).toEqual({ "": "https://vendor.example.test/dashboard/{id}" });
  },
);

it("retain the path of an address and name the database", () => {
  const { odoo } = urlsAt("https://example.test/tools/erp/", { ODOO_DATABASE: "erp-1" });
  expect(odoo).toEqual({ "": "https://example.test/tools/erp/odoo/res.company/{id}?db=erp-1" });
});

it("are those of the cloud's dashboard for a bot and a workspace, and unknown at another address of the API", () => {
  const cloud = "https://app.botpress.cloud/workspaces";
  expect(urlsAt("https://api.botpress.cloud/").botpress).toEqual({
    workspace: `${cloud}/{id}`,
    bot: `${cloud}/wkspace_1/bots/{id}`,
  });
  expect(urlsAt("http://127.0.0.1:9").botpress).toEqual({});
});

it("have no part of a credential", () => {
  const secret = "s3cr3t-of-the-test";
  const names = ["CHATWOOT_API_TOKEN", "BOTPRESS_TOKEN", "ODOO_API_KEY", "N8N_API_KEY", "METABASE_API_KEY"];
  const keys = Object.fromEntries(names.map((name) => [name, secret]));
  expect(JSON.stringify(urlsAt("https://api.botpress.cloud", keys))).not.toContain(secret);
});

it("are by kinds that ids of the vendor have", () => {
  for (const [vendor, urls] of Object.entries(urlsAt("https://api.botpress.cloud"))) {
    const kinds: readonly string[] = vendorDetails[vendor as Vendor].idKinds;
    expect([...kinds, ""]).toEqual(expect.arrayContaining(Object.keys(urls ?? {})));
  }
});
