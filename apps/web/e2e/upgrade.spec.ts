import type { APIRequestContext, Page } from "@playwright/test";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { lookAgain, lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { sandbox } from "./sandbox.ts";
import { upgradeRows } from "./upgrade-rows.ts";
import { newUser, signInAs } from "./user.ts";

/** What a worker brings about. It may still be starting when the first test begins. */
const byWorker = { timeout: 45_000 };
/** What the browser itself reports of calls that are refused. */
const refused = /status of 4\d\d/;
const card = (page: Page, vendor: string) => page.locator(`fieldset [data-vendor="${vendor}"]`);
const navigation = (page: Page) => page.getByRole("navigation", { name: "Secciones" });

const rows = upgradeRows();
test.afterAll(() => rows.end());

async function newTenant(page: Page, businessName: string): Promise<{ id: string; rut: string }> {
  const args = { rut: randomRut(), businessName };
  const response = await page.request.post("/api/mcp/tool", { data: { name: "tenants.create", args } });
  const { ok, result, message } = await response.json();
  if (!ok) throw new Error(message);
  return result.tenant;
}

/** Makes a company at Odoo as a person does there; resolves to its id. */
async function newCompany(request: APIRequestContext, name: string): Promise<number> {
  const response = await request.post(`${sandbox(request, "odoo").vendorUrl}/json/2/res.company/create`, {
    headers: { Authorization: "bearer sandbox-odoo-key" },
    data: { vals_list: [{ name }] },
  });
  const [id] = await response.json();
  return id;
}

test.describe("rows in review", () => {
  test.use({ tolerated: refused });

  test("are announced, say what is wrong, and become tenants once it is corrected", async ({
    page,
    context,
  }) => {
    const user = await newUser(context);
    await page.goto("/dashboard/tenants");
    await expect(navigation(page).getByRole("link", { name: "Empresas" })).toBeVisible();
    await expect(navigation(page).getByRole("link", { name: "Actualización" })).toHaveCount(0);

    const twin = await newTenant(page, "La otra SpA");
    await rows.review(user, { rut: "12.345.678-0", business_name: "Panadería Ñuñoa" }, ["tenants_rut_valid"]);
    await rows.review(user, { rut: twin.rut, business_name: "Gemela SpA" }, ["tenants_owner_rut_active_key"]);
    await rows.review("user_of_others", { rut: "1", business_name: "Ajena" }, ["tenants_rut_valid"]);
    await page.reload();
    await expect(navigation(page).getByRole("link", { name: "Actualización" })).toBeVisible();
    await expect(page.getByText("2 empresas de la versión anterior esperan")).toBeVisible();
    await page.getByRole("link", { name: "Revisar" }).click();
    await expect(page).toHaveURL("/dashboard/tenants/review");
    const items = page.getByRole("main").locator("ul > li:has(h2)");
    await expect(items).toHaveCount(2);
    const bakery = items.filter({ hasText: "Panadería Ñuñoa" });
    await expect(bakery).toContainText("RUT 12.345.678-0");
    await expect(bakery).toContainText("El dígito verificador del RUT no corresponde. Pide el RUT de nuevo.");
    await expect(items.filter({ hasText: "Gemela" })).toContainText("Su dueño ya tiene otra empresa activa");

    await bakery.getByRole("button", { name: "Corregir" }).click();
    const field = bakery.getByRole("textbox", { name: "RUT" });
    await expect(field).toHaveValue("12.345.678-0");
    await expect(bakery.getByRole("switch", { name: "CRM" })).toBeChecked();
    await bakery.getByRole("button", { name: "Pasar a empresas" }).click();
    await expect(field).toBeFocused();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await field.fill(twin.rut);
    await bakery.getByRole("button", { name: "Pasar a empresas" }).click();
    await expect(bakery.getByText("Ya existe una empresa activa con este RUT.")).toBeVisible();
    await expect(bakery.getByRole("link", { name: "Ver la empresa que ya existe" })).toHaveAttribute(
      "href",
      `/dashboard/tenants/${twin.id}`,
    );
    const rut = randomRut();
    await field.fill(rut);
    await bakery.getByRole("switch", { name: "CRM" }).click({ force: true });
    await bakery.getByRole("button", { name: "Pasar a empresas" }).click();
    await expect(page.getByText("Ya está entre las empresas")).toBeVisible();
    const link = page.getByRole("link", { name: "Panadería Ñuñoa" });
    await expect(link).toBeFocused();
    await link.click();
    await expect(page.getByRole("main")).toContainText(`RUT ${formatRut(rut)}`);
    await expect(page.getByRole("switch", { name: "CRM" })).not.toBeChecked();
    await expect(card(page, "chatwoot")).toContainText("Retenido desde la actualización");
  });

  test("come in pages", async ({ page, context }) => {
    const user = await newUser(context);
    for (let count = 0; count < 27; count++)
      await rows.review(user, { rut: "1", business_name: `Empresa ${count}` }, ["tenants_rut_valid"]);
    await page.goto("/dashboard/tenants/review");
    const titles = page.getByRole("main").getByRole("heading", { level: 2 });
    await expect(titles).toHaveCount(25);
    await expect(titles.first()).toHaveText("Empresa 26");
    await page.getByRole("link", { name: "Página siguiente" }).click();
    await expect(titles).toHaveText(["Empresa 1", "Empresa 0"]);
    await page.goto("/dashboard/tenants/review?cursor=nonsense");
    await expect(page.getByText("Esta dirección está incompleta")).toBeVisible();
  });
});

test.describe("services that are held", () => {
  test.use({ tolerated: refused });

  test("are adopted by an administrator, by their id at the vendor", async ({ page, context }) => {
    const owner = await newUser(context);
    const tenant = await newTenant(page, "Ferretería Sur Ltda.");
    await rows.hold(tenant.id);
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(card(page, "odoo")).toContainText("Retenido desde la actualización");
    await expect(card(page, "odoo")).toContainText("un administrador puede adoptarlo por su id");
    await expect(page.getByRole("button", { name: "Adoptar lo que existe en Odoo" })).toHaveCount(0);

    const company = await newCompany(page.request, "Ferretería de antes");
    await rows.forget(company);
    await signInAs(context, owner, "admin");
    await page.reload();
    await page.getByRole("button", { name: "Adoptar lo que existe en Odoo" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Adoptar", exact: true }).click();
    await expect(dialog.getByText("Falta el id.")).toBeVisible();
    await dialog.getByRole("textbox").fill("tag:1");
    await dialog.getByRole("button", { name: "Adoptar", exact: true }).click();
    await expect(dialog.getByText("Este id no tiene la forma que usa Odoo.")).toBeVisible();
    await dialog.getByRole("textbox").fill(String(company));
    await dialog.getByRole("button", { name: "Adoptar", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(card(page, "odoo")).not.toContainText("Retenido");
    await expect(card(page, "odoo")).toContainText(`Empresa en Odoo ${company}`);
    await expect(card(page, "chatwoot")).toContainText("Retenido");
    expect(await sandbox(page.request, "odoo").held(tenant.id)).toHaveLength(1);
  });

  test("are created anew by an operator, after a warning", async ({ page, context }) => {
    // At a vendor that no other test breaks.
    await newUser(context);
    const tenant = await newTenant(page, "Viña del Mar Ltda.");
    await rows.hold(tenant.id);
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await page.getByRole("button", { name: "Crear uno nuevo en Chatwoot" }).click();
    const dialog = page.getByRole("dialog", { name: "¿Crear uno nuevo en Chatwoot?" });
    await expect(dialog).toContainText("No se busca en Chatwoot lo que la empresa ya tenía");
    await expect(dialog).toContainText("puede quedar un segundo");
    await expect(dialog.getByRole("button", { name: "Cancelar" })).toBeFocused();
    await dialog.getByRole("button", { name: "Crear uno nuevo" }).click();
    await expect(dialog).toBeHidden();
    await expect(card(page, "chatwoot")).toContainText(/Sigue habilitado|Habilitado/, byWorker);
  });

  test("are listed, the wanted ones first, and adopted several at once", async ({ page, context }) => {
    const owner = await newUser(context);
    const first = await newTenant(page, "Con registro SpA");
    const second = await newTenant(page, "Sin registro SpA");
    await Promise.all([first, second].map(({ id }) => rows.hold(id)));
    const company = await newCompany(page.request, "Con registro de antes");
    await rows.forget(company);
    await rows.record(first.id, company);
    await page.goto("/dashboard/upgrade");
    await expect(page.getByRole("definition")).toHaveText(["2", "0", "10", "0"]);
    const table = page.getByRole("main").locator("tbody tr");
    await expect(table).toHaveCount(10);
    await expect(table.first()).toContainText("Con registro SpA");
    await expect(table.first()).toContainText(String(company));
    await expect(table.first()).toContainText("Sí");
    await expect(page.getByText("Un administrador puede adoptar por su id")).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);

    await signInAs(context, owner, "admin");
    await page.reload();
    const lines = page.getByRole("textbox");
    await expect(lines).toHaveValue(new RegExp(`${first.id},odoo,${company}`));
    await lines.fill(`${first.id},odoo,${company}\n${second.id},sap,1`);
    await page.getByRole("button", { name: /^Adoptar \d/ }).click();
    await expect(page.getByText("Línea 2: el segundo valor no es un servicio.")).toBeVisible();
    await lines.fill(`${first.id},odoo,${company}\n${second.id},odoo,999999`);
    await page.getByRole("button", { name: "Adoptar 2 servicios" }).click();
    await expect(page.getByText("1 adoptado, 1 rechazado.").last()).toBeVisible();
    await expect(lines).toHaveValue(`${second.id},odoo,999999`);
    const results = page.locator("form li");
    await expect(results.first()).toContainText("Sin adoptar");
    await expect(results.last()).toContainText("Con registro de antes");
    await signInAs(context, owner);
    await page.reload();
    await expect(page.getByRole("definition")).toHaveText(["2", "0", "9", "1"]);
  });
});

test.describe("the looks", () => {
  test.use({ tolerated: refused });

  test("of what an upgrade left are accessible and do not scroll sideways", { tag: "@looks" }, async ({
    page,
    context,
  }) => {
    test.slow();
    const owner = await newUser(context);
    const tenant = await newTenant(page, "Los Andes SpA");
    await rows.hold(tenant.id);
    await rows.review(owner, { rut: "12.345.678-0", business_name: "W".repeat(130) }, [
      "tenants_rut_valid",
      "tenants_business_name_length",
      "tenants_owner_not_empty",
      "tenants_services_enabled_known_flags",
      "tenants_n8n_project_id_shape",
      "tenants_some_other_rule",
    ]);
    await lookAt(page, 0, () => page.goto("/dashboard/tenants"));
    await lookAt(page, 1, async () => {
      await page.goto("/dashboard/tenants/review");
      await page.getByRole("button", { name: "Corregir" }).click();
      await page.getByRole("button", { name: "Pasar a empresas" }).click();
    });
    await signInAs(context, owner, "admin");
    await lookAt(page, 2, async () => {
      await page.goto("/dashboard/upgrade");
      await page.getByRole("textbox").fill("a,b,c\nx");
      await page.getByRole("button", { name: /^Adoptar/ }).click();
      await expect(page.getByText("Línea 1:")).toBeVisible();
    });
    await lookAt(page, 3, async () => {
      await page.goto(`/dashboard/tenants/${tenant.id}`);
      await page.getByRole("button", { name: "Adoptar lo que existe en n8n" }).click();
    });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Crear uno nuevo en n8n" }).click();
    await lookAgain(page, 0);
  });
});

test.describe("in English", () => {
  test.use({ locale: "en-GB" });

  test("what an upgrade left is in English", async ({ page, context }) => {
    const owner = await newUser(context);
    const tenant = await newTenant(page, "Los Andes SpA");
    await rows.hold(tenant.id);
    await rows.review(owner, { rut: "", business_name: "" }, [
      "tenants_rut_valid",
      "tenants_business_name_length",
    ]);
    await page.goto("/dashboard/tenants");
    await expect(page.getByText("1 tenant of the earlier release waits")).toBeVisible();
    await page.goto("/dashboard/tenants/review");
    await expect(page.getByText("The RUT is incomplete or missing. Ask for it again.")).toBeVisible();
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(page.getByText("Held since the upgrade")).toHaveCount(5);
    await page.goto("/dashboard/upgrade");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Upgrade");
    await expect(page.getByRole("definition")).toHaveText(["1", "1", "5", "0"]);
  });
});
