import type { Page } from "@playwright/test";
import type { Vendor } from "@smarteros/connectors/vendors";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { lookAgain, lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { workerRows } from "./rows.ts";
import { newUser, signInAs } from "./user.ts";

// Differences from the vendors, what is repaired of them, and many runs in one go. The worker and the sandboxes are those of
// `npm start`; only Chatwoot is used, which no other test breaks.
test.use({ timezoneId: "America/Santiago" });
test.setTimeout(120_000);

/** What a worker brings about. It may still be starting when the first test begins. */
const byWorker = { timeout: 45_000 };
const rows = () => workerRows();
const card = (page: Page, vendor: Vendor) => page.locator(`fieldset [data-vendor="${vendor}"]`);
const stepOf = (page: Page, vendor: Vendor) => page.locator(`ol [data-vendor="${vendor}"]`);
const comparison = (page: Page) => page.getByRole("region", { name: "Comparación con los proveedores" });

async function newTenant(page: Page, businessName: string, services = {}): Promise<string> {
  const args = { rut: randomRut(), businessName, services };
  const answer = await page.request.post("/api/mcp/tool", { data: { name: "tenants.create", args } });
  const { ok, result, message } = await answer.json();
  if (!ok) throw new Error(message);
  return result.tenant.id;
}

/** Creates a tenant whose CRM is on, and resolves with its page open once it is provisioned. */
async function provisioned(page: Page, businessName: string): Promise<string> {
  const id = await newTenant(page, businessName, { crm: true });
  await page.goto(`/dashboard/tenants/${id}`);
  await expect(card(page, "chatwoot")).toContainText("Habilitado", byWorker);
  return id;
}

/** Adds a run of a tenant whose only step failed. */
async function failedRun(tenantId: string, user: string, kind = "auth"): Promise<string> {
  const run = await rows().open(tenantId, ["chatwoot"], user);
  await rows().begin(run, "chatwoot");
  await rows().end(run, "chatwoot", { state: "failed", kind, message: "x", remedy: "check_credential" });
  return run;
}

test("a service links to its resource at the vendor, and what is left to do is ticked", async ({
  page,
  context,
}) => {
  await newUser(context);
  const id = await provisioned(page, "Botillería El Roble SpA");
  await page.reload();
  const link = card(page, "chatwoot").getByRole("link", { name: "Abrir en Chatwoot" });
  await expect(link).toHaveAttribute("href", /^http:\/\/127\.0\.0\.1:\d+\/app\/accounts\/\d+\/inbox\/\d+$/);
  await expect(link).toHaveAttribute("rel", "noreferrer");
  await expect(card(page, "chatwoot")).toContainText("Faltan 2 pasos para que funcione");
  await card(page, "chatwoot").getByRole("button", { name: "Conectar un canal" }).click();
  await expect(page).toHaveURL(`/dashboard/tenants/${id}#chatwoot`);
  await expect(card(page, "chatwoot")).toContainText("Falta 1 paso para que funcione");
  await expect(card(page, "chatwoot").getByRole("button", { pressed: true })).toHaveText(/Conectar un canal/);
  await card(page, "chatwoot").getByRole("button", { name: "Invitar a quienes atienden" }).click();
  await expect(card(page, "chatwoot")).toContainText("Listo para funcionar");
  await expect(card(page, "odoo").getByRole("link")).toHaveCount(0);
  await lookAgain(page, 0);
});

test("a tenant is compared with its vendors, and what differs is repaired by a run that is linked", async ({
  page,
  context,
}) => {
  await newUser(context);
  const id = await provisioned(page, "Comercial Los Andes SpA");
  await rows().forget(id, "chatwoot");
  await expect(card(page, "chatwoot")).toContainText("Por habilitar");

  await comparison(page).getByRole("button", { name: "Comparar con los proveedores" }).click();
  await expect(comparison(page)).toContainText("Se comparó 1 servicio.", byWorker);
  await expect(comparison(page)).toContainText("Existe en Chatwoot y acá no está registrado.");
  await expect(comparison(page)).toContainText("«Comparar y reparar» lo registra");
  await expect(comparison(page)).toContainText(/Última comparación: (ahora|hace \d+ s)/);
  await expect(card(page, "chatwoot")).toContainText("Existe en Chatwoot y acá no está registrado.");
  await expect(card(page, "chatwoot")).toContainText("Con diferencias");
  await expect(comparison(page).getByRole("link")).toHaveCount(0);

  await comparison(page).getByRole("button", { name: "Comparar y reparar" }).click();
  await expect(comparison(page)).toContainText("Se está reparando.", byWorker);
  const repair = comparison(page).getByRole("link", { name: "Ver ejecución" });
  await expect(card(page, "chatwoot")).toContainText("Habilitado", byWorker);
  await expect(card(page, "chatwoot")).not.toContainText("no está registrado");
  await comparison(page).getByRole("button", { name: "Comparar con los proveedores" }).focus();
  await repair.click();
  await expect(page).toHaveURL(/\/dashboard\/runs\/[0-9a-f-]{36}$/);
  await expect(stepOf(page, "chatwoot")).toContainText("Correcto");
  await expect(page.getByText("Por una comparación")).toBeVisible();

  await page.goto(`/dashboard/tenants/${id}`);
  await comparison(page).getByRole("button", { name: "Comparar con los proveedores" }).click();
  await expect(comparison(page)).toContainText("Se comparó 1 servicio. Todo coincide.", byWorker);
  await page.goto("/dashboard/runs?who=repairs");
  await expect(page.locator("main details:has(> summary [data-kind])")).toHaveCount(1);
});

test("changes that could not be processed are named with the remedy, and a repair processes them", async ({
  page,
  context,
}) => {
  await newUser(context);
  const id = await newTenant(page, "Panadería Ñuñoa SpA");
  await page.goto(`/dashboard/tenants/${id}`);
  await expect(page.getByText("no se pudo procesar")).toHaveCount(0);
  await rows().failEvents(id, "The database does not answer. Try again in a moment.");
  await page.reload();
  const notice = page.locator(".notice", { hasText: "no se pudo procesar después de cinco intentos" });
  await expect(notice).toContainText("Creación de la empresa");
  await expect(notice).toContainText("La base de datos no respondió o no aceptó la conexión.");
  await expect(notice.getByText("The database does not answer.")).toBeHidden();
  await notice.getByText("Detalle técnico").click();
  await expect(notice.getByText("The database does not answer.")).toBeVisible();
  await expect(notice).toContainText("usa «Comparar y reparar»");
  await comparison(page).getByRole("button", { name: "Comparar y reparar" }).click();
  await expect(comparison(page)).toContainText("No hay nada que comparar", byWorker);
  await expect(notice).toHaveCount(0);
});

test("what a cancelled run failed to undo says so, and alone of cancelled runs it can be retried", async ({
  page,
  context,
}) => {
  const user = await newUser(context);
  const id = await newTenant(page, "Viña Santa Rosa SpA");
  const run = await rows().open(id, ["chatwoot", "metabase"], user);
  await rows().begin(run, "chatwoot");
  // An id that no inbox has: there is nothing to remove.
  await rows().end(run, "chatwoot", { state: "succeeded", externalId: "987654" });
  await rows().cancel(run);
  const retry = page.getByRole("main").getByRole("button", { name: /^Reintentar/ });
  await page.goto(`/dashboard/runs/${run}`);
  await expect(page.getByText("Cancelada", { exact: true }).first()).toBeVisible();
  await expect(retry).toHaveCount(0);

  await rows().undo(run, "chatwoot", { kind: "unavailable", message: "x", remedy: "check_service" });
  await expect(stepOf(page, "chatwoot")).toContainText("Sin deshacer");
  await expect(stepOf(page, "chatwoot")).toContainText("Lo que creó esta ejecución sigue en Chatwoot.");
  await expect(stepOf(page, "chatwoot")).toContainText("Chatwoot no responde.");
  await page.goto(`/dashboard/tenants/${id}`);
  await expect(card(page, "chatwoot")).toContainText("Sin deshacer");
  await expect(card(page, "chatwoot")).toContainText("Reintenta para quitarlo");
  await expect(retry.first()).toBeVisible();
  await page.goto(`/dashboard/runs/${run}`);
  await retry.click();
  await expect(stepOf(page, "chatwoot")).toContainText("Deshecho", byWorker);
  await expect(retry).toHaveCount(0);
});

test("all runs that a filter finds are retried after they are counted", async ({ page, context }) => {
  const user = await newUser(context);
  const [one, other, third] = [
    await provisioned(page, "Ferretería del Puerto"),
    await provisioned(page, "Botillería Sur Ltda."),
    await provisioned(page, "Librería Austral"),
  ];
  await Promise.all([failedRun(one, user), failedRun(other, user), failedRun(third, user, "quota")]);
  const list = page.locator("main details:has(> summary [data-kind])");
  const retryAll = page.getByRole("button", { name: "Reintentar todas" });
  await page.goto("/dashboard/runs?state=trouble");
  await expect(list).toHaveCount(3);
  await expect(retryAll).toHaveCount(0);

  await page.getByRole("combobox", { name: "Error" }).selectOption("El proveedor no aceptó la credencial.");
  await expect(page).toHaveURL(/error=auth/);
  await expect(list).toHaveCount(2);
  await page.getByRole("combobox", { name: "Último cambio" }).selectOption("Con cambios en la última hora");
  await expect(page).toHaveURL(/since=1h/);
  await retryAll.click();
  const dialog = page.getByRole("dialog", { name: "¿Reintentar todas las fallidas?" });
  await expect(dialog).toContainText("2 ejecuciones con fallas de todas las empresas que puedes ver:");
  await expect(dialog.getByRole("listitem")).toHaveText([
    "El proveedor no aceptó la credencial.",
    "Con cambios en la última hora",
  ]);
  await expect(dialog.getByRole("button", { name: "Volver" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(retryAll).toBeFocused();
  const lines = list.locator("> summary");
  await expect(lines.filter({ hasText: "Fallida" })).toHaveCount(2);

  await retryAll.click();
  await dialog.getByRole("button", { name: "Reintentar todas (2)" }).click();
  await expect(dialog).toContainText("Se pidieron 2 reintentos. No queda ninguna.");
  await dialog.getByRole("button", { name: "Cerrar" }).click();
  await page.goto("/dashboard/runs?vendor=chatwoot&who=me");
  await expect(lines.filter({ hasText: "Correcta" })).toHaveCount(2, byWorker);
  await expect(lines.filter({ hasText: "Fallida" })).toHaveText([/Librería Austral/]);
  await expect(page.getByText("Quita los demás filtros para hacerlo.")).toBeVisible();
});

test("all open runs that a filter finds are cancelled after they are counted", async ({ page, context }) => {
  const user = await newUser(context);
  const id = await newTenant(page, "Sin guion Ltda.");
  await rows().open(id, ["n8n"], user);
  await page.goto("/dashboard/runs?vendor=odoo&state=open");
  await page.getByRole("button", { name: "Cancelar todas" }).click();
  const dialog = page.getByRole("dialog", { name: "¿Cancelar todas las abiertas?" });
  await expect(dialog).toContainText("No hay nada que cancelar con estos filtros.");
  await dialog.getByRole("button", { name: "Cerrar" }).click();
  await page.goto("/dashboard/runs?vendor=n8n&state=open");
  await page.getByRole("button", { name: "Cancelar todas" }).click();
  await dialog.getByRole("button", { name: "Cancelar todas (1)" }).click();
  await expect(dialog).toContainText("Se pidió cancelar 1 ejecución. No queda ninguna.");
  await page.keyboard.press("Escape");
  await page.goto("/dashboard/runs");
  await expect(page.locator("main details:has(> summary [data-kind])")).toHaveText([/Cancelada/]);
});

test("who may only look is offered neither a comparison nor a change of many", async ({ page, context }) => {
  const user = await newUser(context);
  const id = await newTenant(page, "Los Andes SpA");
  await failedRun(id, user);
  await signInAs(context, user, "viewer");
  await page.goto(`/dashboard/tenants/${id}`);
  await expect(comparison(page)).toContainText("Todavía no se compara.");
  await expect(comparison(page).getByRole("button")).toHaveCount(0);
  await page.goto("/dashboard/runs?vendor=chatwoot");
  await expect(page.locator("main details:has(> summary [data-kind])")).toHaveCount(1);
  await expect(page.getByRole("button", { name: /todas$/ })).toHaveCount(0);
});

test("comparisons and changes of many are accessible and do not scroll sideways", { tag: "@looks" }, async ({
  page,
  context,
}) => {
  test.slow();
  const user = await newUser(context);
  const id = await provisioned(page, "Comercial Los Andes SpA");
  await rows().forget(id, "chatwoot");
  await rows().failEvents(id, "The database does not answer. Try again in a moment.");
  await failedRun(id, user);
  await lookAt(page, 0, async () => {
    await page.goto(`/dashboard/tenants/${id}`);
    await comparison(page).getByRole("button", { name: "Comparar con los proveedores" }).click();
    await expect(comparison(page)).toContainText("Se comparó", byWorker);
  });
  await page.goto("/dashboard/runs?vendor=chatwoot");
  await page.getByRole("button", { name: "Reintentar todas" }).click();
  await expect(page.getByRole("button", { name: /^Reintentar todas \(/ })).toBeVisible();
  await lookAgain(page, 1);
});
