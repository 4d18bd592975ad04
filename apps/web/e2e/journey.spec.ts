import type { Page } from "@playwright/test";
import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { expect, test } from "./quiet.ts";
import { workerRows } from "./rows.ts";
import { sandbox } from "./sandbox.ts";
import { backedUrl, newUser, signInAs } from "./user.ts";

// As a new user does it: the whole product as `npm start` runs it, its worker and the sandboxes of the five vendors.
test.describe.configure({ mode: "serial" });
test.setTimeout(120_000);

/** What a worker brings about. It may still be starting when the first test begins. */
const byWorker = { timeout: 45_000 };
const card = (page: Page, vendor: Vendor) => page.locator(`fieldset [data-vendor="${vendor}"]`);

async function create(page: Page, name: string, services: string[]) {
  await page.goto("/dashboard/tenants/new");
  await page.getByRole("textbox", { name: "RUT" }).fill(randomRut());
  await page.getByLabel("Razón social").fill(name);
  for (const service of services) {
    await page.getByRole("switch", { name: new RegExp(`^${service}`) }).focus();
    await page.keyboard.press("Space");
  }
  await page.getByRole("button", { name: "Crear empresa" }).click();
  await expect(page).toHaveURL(/\/dashboard\/tenants\/[0-9a-f-]{36}$/);
  return page.url().split("/").at(-1) ?? "";
}

test("with all five on, a tenant reaches green, and each vendor holds it once", async ({ page, context }) => {
  await newUser(context);
  const id = await create(page, "Comercial Los Andes SpA", ["CRM", "Bot", "ERP", "Flujos", "KPI"]);
  for (const vendor of vendors) {
    await expect(card(page, vendor)).toContainText("Habilitado", byWorker);
    expect(await sandbox(page.request, vendor).held(id)).not.toEqual([]);
  }
  const run = page.locator("details", { hasText: "Por un cambio de la empresa" });
  await expect(run).toContainText("Correcta");

  await workerRows().drift(id, "odoo", "disabled", "1");
  await page.getByRole("button", { name: "Reparar Odoo" }).click();
  const dialog = page.getByRole("dialog", { name: "Reparar Odoo" });
  // It was never disabled there: to say so is all that there is to do.
  await expect(dialog).toContainText("Nada que hacer");
  await dialog.getByRole("button", { name: "Habilitar 1 servicio" }).click();
  await expect(dialog).toBeHidden();
  await expect(card(page, "odoo")).toContainText("Habilitado", byWorker);
  await expect(card(page, "odoo")).not.toContainText("Está desactivado en Odoo");

  await page.getByRole("button", { name: "Ver qué pasaría" }).click();
  const plan = page.getByRole("dialog", { name: "Ver qué pasaría" });
  await expect(plan.getByText("Nada que hacer")).toHaveCount(5);
  await expect(plan).toContainText("No hay nada que se pueda hacer ahora.");
  await page.keyboard.press("Escape");
  await expect(page.getByText("services.provision").first()).toBeVisible();
});

test("a vendor that is broken says why, is mended, and is retried from the failed step", async ({
  page,
  context,
}) => {
  await newUser(context);
  const odoo = sandbox(page.request, "odoo");
  await odoo.break("unauthorized");
  try {
    const id = await create(page, "Panadería Ñuñoa SpA", ["CRM", "ERP"]);
    await expect(card(page, "chatwoot")).toContainText("Habilitado", byWorker);
    await expect(card(page, "odoo")).toContainText("Odoo no aceptó la credencial.", byWorker);
    await expect(card(page, "odoo")).toContainText("Revisa en los ajustes que la llave de Odoo");
    await page.goto("/dashboard/runs?state=trouble&vendor=odoo");
    await page.locator("main details", { hasText: "Panadería Ñuñoa SpA" }).locator("summary").first().click();
    await expect(page.locator('ol [data-vendor="chatwoot"]')).toContainText("Correcto");
    await page.getByRole("link", { name: "Ver ejecución" }).click();

    await expect(page).toHaveURL(/\/dashboard\/runs\/[^?]/);

    await odoo.mend();
    await page.getByRole("button", { name: "Reintentar", exact: true }).click();
    await expect(page.locator('ol [data-vendor="odoo"]')).toContainText("Correcto", byWorker);
    await expect(page.getByText("Correcta", { exact: true }).first()).toBeVisible();
    await page.getByRole("link", { name: "Panadería Ñuñoa SpA" }).click();
    await expect(card(page, "odoo")).toContainText("Habilitado");
    expect(await sandbox(page.request, "chatwoot").held(id)).toHaveLength(1);
    expect(await odoo.held(id)).toHaveLength(1);
  } finally {
    await odoo.mend();
  }
});

test("what fails for a while is tried again by itself, with the time to the next attempt", async ({
  page,
  context,
}) => {
  await newUser(context);
  const metabase = sandbox(page.request, "metabase");
  await metabase.break("error");
  try {
    await create(page, "Ferretería del Puerto", ["KPI"]);
    await expect(card(page, "metabase")).toContainText("Reintento pendiente", byWorker);
    await expect(card(page, "metabase")).toContainText(
      /Próximo intento en (?:\d:\d\d|cualquier momento) · intento \d/,
    );
    await expect(card(page, "metabase")).toContainText("Metabase no responde.");
    await metabase.mend();
    await expect(card(page, "metabase")).toContainText("Habilitado", byWorker);
  } finally {
    await metabase.mend();
  }
});

test("a run that is cancelled undoes what it made, after naming it", async ({ page, context }) => {
  await newUser(context);
  const n8n = sandbox(page.request, "n8n");
  await n8n.break("error");
  try {
    const id = await create(page, "Viña Santa Rosa SpA", ["Bot", "Flujos"]);
    await expect(card(page, "botpress")).toContainText("Habilitado", byWorker);
    await expect(card(page, "n8n")).toContainText("Reintento pendiente", byWorker);
    const [made] = (await sandbox(page.request, "botpress").held(id)) as { id: string }[];
    await page.getByRole("button", { name: "Cancelar ejecución" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Viña Santa Rosa SpA");
    await expect(dialog).toContainText("Botpress: se deshace lo que creó esta ejecución.");
    await expect(dialog).toContainText(made?.id ?? "nothing");
    await expect(dialog.getByRole("button", { name: "Seguir" })).toBeFocused();
    await dialog.getByRole("button", { name: "Cancelar ejecución" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("Cancelada", { exact: true })).toBeVisible(byWorker);
    await expect(card(page, "botpress")).toContainText("Por habilitar", byWorker);
    expect(await sandbox(page.request, "botpress").held(id)).toEqual([]);

    await n8n.mend();
    await page.getByRole("button", { name: "Habilitar 2 servicios que faltan" }).click();
    await expect(dialog.getByText("Se crea")).toHaveCount(2);
    expect(await sandbox(page.request, "botpress").held(id)).toEqual([]);
    await dialog.getByRole("button", { name: "Habilitar 2 servicios" }).click();
    await expect(dialog).toBeHidden();
    await expect(card(page, "botpress")).toContainText("Habilitado", byWorker);
    await expect(card(page, "n8n")).toContainText("Habilitado", byWorker);
  } finally {
    await n8n.mend();
  }
});

test("what is switched off is disabled where the vendor can, and told where it cannot; deleting may do the same", async ({
  page,
  context,
}) => {
  const user = await newUser(context);
  const id = await create(page, "Botillería Sur Ltda.", ["CRM", "ERP", "KPI"]);
  await expect(card(page, "odoo")).toContainText("Habilitado", byWorker);
  await expect(card(page, "chatwoot")).toContainText("Habilitado", byWorker);
  await expect(card(page, "metabase")).toContainText("Habilitado", byWorker);
  await page.getByRole("switch", { name: "ERP" }).focus();
  await page.keyboard.press("Space");
  await expect(card(page, "odoo")).toContainText("Desactivado en Odoo. Sus datos se conservan.", byWorker);
  await page.getByRole("switch", { name: "CRM" }).focus();
  await page.keyboard.press("Space");
  await expect(card(page, "chatwoot")).toContainText("Chatwoot no permite desactivar", byWorker);

  await page.getByRole("button", { name: "Eliminar empresa" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: /Desactivar también/ }).check();
  await dialog.getByRole("textbox").fill("Botillería Sur Ltda.");
  await dialog.getByRole("button", { name: "Eliminar empresa" }).click();
  await expect(card(page, "metabase")).toContainText("Desactivado en Metabase.", byWorker);
  expect(await sandbox(page.request, "metabase").held(id)).not.toEqual([]);

  await expect(page.getByRole("heading", { name: "Quitar de los proveedores" })).toHaveCount(0);
  await signInAs(context, user, "admin");
  const remove = page.getByRole("button", { name: "Quitar de los proveedores" });
  await page.goto(`${backedUrl}/dashboard/tenants/${id}`);
  await expect(page.getByText(/^Se puede desde el \d\d-\d\d-\d{4}, \d\d:\d\d\.$/)).toBeVisible();
  await expect(remove).toHaveAttribute("aria-disabled", "true");
  await remove.focus();
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);

  // Where the days of grace are over.
  await page.goto(`/dashboard/tenants/${id}`);
  await remove.click();
  await expect(dialog).toContainText("Es irreversible");
  await dialog.getByRole("checkbox", { name: /Chatwoot/ }).uncheck();
  await dialog.getByRole("button", { name: "Quitar", exact: true }).click();
  await expect(dialog).toContainText("No coincide con el RUT ni con la razón social");
  await dialog.getByRole("textbox").fill("Botillería Sur Ltda.");
  await dialog.getByRole("button", { name: "Quitar", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(card(page, "metabase")).toContainText("Sin habilitar", byWorker);
  await expect(card(page, "odoo")).toContainText("Sin habilitar", byWorker);
  expect(await sandbox(page.request, "odoo").held(id)).toEqual([]);
  expect(await sandbox(page.request, "chatwoot").held(id)).toHaveLength(1);
});
