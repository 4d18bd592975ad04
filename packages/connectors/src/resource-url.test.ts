import { expect, it } from "vitest";
import { botpressResourceUrl, chatwootResourceUrl, metabaseResourceUrl, odooResourceUrl } from "./index.ts";

it.each(["https://vendor.example.test", "https://vendor.example.test/"])(
  "address of a resource at %s",
  (url) => {
    expect(chatwootResourceUrl({ url, accountId: 3 }, 17)).toBe(
      "https://vendor.example.test/app/accounts/3/inbox/17",
    );
    expect(metabaseResourceUrl({ url }, 88)).toBe("https://vendor.example.test/dashboard/88");
    expect(odooResourceUrl({ url }, 7)).toBe("https://vendor.example.test/odoo/res.company/7");
    expect(odooResourceUrl({ url, database: "erp-1" }, 7)).toBe(
      "https://vendor.example.test/odoo/res.company/7?db=erp-1",
    );
  },
);

it("retains the path of an address", () => {
  const url = "https://example.test/tools/metabase/";
  expect(metabaseResourceUrl({ url }, 88)).toBe("https://example.test/tools/metabase/dashboard/88");
});

it("address of a bot and of a workspace in the cloud's dashboard, not at another address of the API", () => {
  const workspaceId = "wkspace_1";
  const cloud = "https://app.botpress.cloud/workspaces";
  expect(botpressResourceUrl({ workspaceId }, "bot:b-1")).toBe(`${cloud}/wkspace_1/bots/b-1`);
  const url = "https://api.botpress.cloud/";
  expect(botpressResourceUrl({ url, workspaceId }, "bot:b-1")).toBe(`${cloud}/wkspace_1/bots/b-1`);
  expect(botpressResourceUrl({}, "workspace:wkspace_2")).toBe(`${cloud}/wkspace_2`);
  expect(botpressResourceUrl({}, "bot:b-1")).toBeUndefined();
  expect(botpressResourceUrl({ url: "http://127.0.0.1:9", workspaceId }, "bot:b-1")).toBeUndefined();
});

it("an address has no part of the other settings", () => {
  const secret = "s3cr3t";
  const url = "https://vendor.example.test";
  const addresses = [
    chatwootResourceUrl({ url, accountId: 3, token: secret } as never, 17),
    metabaseResourceUrl({ url, apiKey: secret } as never, 88),
    odooResourceUrl({ url, apiKey: secret } as never, 7),
    botpressResourceUrl({ workspaceId: "w", token: secret } as never, "bot:b"),
  ];
  expect(addresses.join(" ")).not.toContain(secret);
});
