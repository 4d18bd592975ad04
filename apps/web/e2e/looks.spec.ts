import type { Page } from "@playwright/test";
import { languagesOf, lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { newUser } from "./user.ts";

const run = (page: Page) => page.getByRole("button", { name: /^(?:Ejecutar|Run)$/ }).click();

/** Every page but the tenants' own, which have a file of theirs, and what is to be seen of it before it is looked at. */
const pages: Record<string, { path: string; ready?: (page: Page) => Promise<unknown> }> = {
  front: { path: "/" },
  "sign-in": { path: "/sign-in" },
  "no access": { path: "/no-access" },
  "no page": { path: "/no-such-page" },
  panel: { path: "/dashboard" },
  "upgrade with nothing left": { path: "/dashboard/upgrade" },
  console: { path: "/dashboard/mcp" },
  form: {
    path: "/dashboard/mcp#tool=tenants.create",
    ready: (page) => page.getByRole("textbox", { name: /^businessName/ }).waitFor(),
  },
  "form with problems": {
    path: "/dashboard/mcp#tool=tenants.create",
    ready: async (page) => {
      await page.getByRole("textbox", { name: /^rut/ }).fill("1");
      await run(page);
      await page.getByText(/^(?:Falta|Missing): /).waitFor();
    },
  },
  editor: {
    path: `/dashboard/mcp#${new URLSearchParams({ tool: "tenants.list", args: '{"limit": 1, "search": "x", "includeInactive": true}' })}`,
    ready: async (page) => {
      await page.getByRole("tab", { name: "JSON" }).click();
      await page.getByRole("textbox", { name: /JSON/ }).waitFor();
    },
  },
  result: {
    path: "/dashboard/mcp#tool=tenants.list",
    ready: async (page) => {
      await run(page);
      await page.getByRole("tree").waitFor();
    },
  },
  failure: {
    path: `/dashboard/mcp#${new URLSearchParams({ tool: "tenants.get", args: '{"id": "00000000-0000-4000-8000-000000000000"}' })}`,
    ready: async (page) => {
      await run(page);
      await page.getByText("not_found").first().waitFor();
    },
  },
  confirmation: {
    path: `/dashboard/mcp#${new URLSearchParams({ tool: "tenants.delete", args: '{"id": "00000000-0000-4000-8000-000000000000"}' })}`,
    ready: async (page) => {
      await page.getByRole("textbox", { name: /^id/ }).waitFor();
      await run(page);
      await page.getByRole("dialog").waitFor();
    },
  },
  preferences: {
    path: "/dashboard/mcp",
    ready: (page) => page.getByRole("button", { name: /^(?:Preferencias|Preferences)$/ }).click(),
  },
  shortcuts: {
    path: "/dashboard/mcp",
    ready: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  palette: {
    path: "/dashboard/mcp",
    ready: async (page) => {
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("textbox", { name: /^(?:Buscar sección|Find a section)/ }).fill("tenants");
    },
  },
};

// The browser itself reports the status of the page, and of the tenant, that is not there.
test.use({ tolerated: /status of 404/ });

for (const [subject, [name, { path, ready }]] of Object.entries(pages).entries()) {
  for (const locale of languagesOf(subject)) {
    test.describe(locale, () => {
      test.use({ locale });
      test(`${name} is accessible and does not scroll sideways`, { tag: "@looks" }, async ({
        page,
        context,
      }) => {
        if (path.startsWith("/dashboard")) await newUser(context);
        await lookAt(page, subject, async () => {
          await page.goto("about:blank");
          await page.goto(path);
          await ready?.(page);
          await expect(page.getByRole("heading", { level: 1, includeHidden: true })).toHaveCount(1);
        });
      });
    });
  }
}
