import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../e2e/quiet.ts";
import { sandbox } from "../e2e/sandbox.ts";
import { newUser } from "../e2e/user.ts";

const folder = path.join(import.meta.dirname, "../../../docs/screenshots");
const businesses = [
  ["76.086.428-5", "Comercial Los Andes SpA", { crm: true, bot: true, erp: true, kpi: true }],
  ["77.123.456-9", "Panadería Ñuñoa Ltda.", { crm: true, workflows: true }],
  ["12.345.678-5", "Ferretería del Puerto", { erp: true }],
  ["11.111.111-1", "Viña Santa Rosa SpA", {}],
] as const;

/** A user with four tenants; resolves to the first one's id. */
async function tenants(page: Page): Promise<string> {
  const ids: string[] = [];
  for (const [rut, businessName, services] of businesses.toReversed()) {
    const answer = await page.request.post("/api/mcp/tool", {
      data: { name: "tenants.create", args: { rut, businessName, services } },
    });
    const { result, message } = await answer.json();
    if (!result) throw new Error(`${rut}: ${message}`);
    ids.push(result.tenant.id);
  }
  return ids.at(-1) ?? "";
}

const take = (page: Page, name: string) => page.screenshot({ path: path.join(folder, `${name}.png`) });

for (const scheme of ["light", "dark"] as const) {
  test(`the tool console, ${scheme}`, async ({ page, context }) => {
    await page.setViewportSize({ width: 1440, height: 860 });
    await page.emulateMedia({ colorScheme: scheme });
    await newUser(context);
    const id = await tenants(page);
    if (scheme === "light") {
      await page.goto("/dashboard/mcp#tool=tenants.list");
      await page.getByRole("button", { name: "Ejecutar", exact: true }).click();
      await expect(page.getByRole("tree")).toBeVisible();
    } else {
      const args = new URLSearchParams({
        tool: "tenants.updateServices",
        args: JSON.stringify({ id, services: { bot: false } }, null, 2),
      });
      await page.goto(`/dashboard/mcp#${args}`);
      await page.getByRole("tab", { name: "JSON" }).first().click();
      await expect(page.getByRole("textbox", { name: /JSON/ })).toBeVisible();
      await page.getByRole("button", { name: "Ejecutar", exact: true }).click();
      await expect(page.getByRole("tree")).toBeVisible();
    }
    await page.waitForTimeout(1_000);
    await take(page, `console-${scheme}`);
  });
}

test("the tenants", async ({ page, context }) => {
  await page.setViewportSize({ width: 1440, height: 860 });
  await newUser(context);
  // The tenants of the other pictures have the same names, and Odoo has each name once.
  await sandbox(page.request, "odoo").reset();
  await sandbox(page.request, "metabase").break("unauthorized");
  const id = await tenants(page);
  await page.goto("/dashboard/tenants");
  await expect(page.getByText("Comercial Los Andes SpA")).toBeVisible();
  await take(page, "tenants");
  await page.goto(`/dashboard/tenants/${id}`);
  const card = (vendor: string) => page.locator(`fieldset [data-vendor="${vendor}"]`);
  await expect(card("metabase")).toContainText("La credencial no fue aceptada.", { timeout: 45_000 });
  await expect(card("odoo")).toContainText("Habilitado");
  await page.waitForTimeout(500);
  await take(page, "tenant");
  await page.goto("/dashboard/runs");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator("summary", { hasText: "Los Andes" }).click();
  await take(page, "runs");
  await sandbox(page.request, "metabase").mend();
});

test("on a phone", async ({ page, context }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await newUser(context);
  await tenants(page);
  await page.goto("/dashboard/mcp");
  await page.getByRole("button", { name: /Ver mis empresas/ }).click();
  await expect(page.getByRole("tree")).toBeVisible();
  await take(page, "phone");
});
