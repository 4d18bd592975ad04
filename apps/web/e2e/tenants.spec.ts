import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { lookAgain, lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { disabledUrl, newUser, signInAs } from "./user.ts";

test.use({ timezoneId: "America/Santiago" });
/** What the browser itself reports of pages that are not there and of calls that are refused or cut. */
const refused = /status of 4\d\d|net::ERR_FAILED/;

const list = "/dashboard/tenants";
type Tenant = { id: string; rut: string; business_name: string };
const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("link") });

/** Calls a tool as the page's user and gives its result. */
async function call(page: Page, name: string, args: object): Promise<{ tenant: Tenant }> {
  const answer = await page.request.post("/api/mcp/tool", { data: { name, args } });
  const { ok, result, message } = await answer.json();
  if (!ok) throw new Error(`${name}: ${message}`);
  return result;
}

async function newTenant(page: Page, businessName = "Los Andes SpA", services = {}) {
  const { tenant } = await call(page, "tenants.create", { rut: randomRut(), businessName, services });
  return tenant;
}

async function fillForm(page: Page, rut: string, name: string) {
  await page.getByLabel("RUT", { exact: false }).and(page.getByRole("textbox")).fill(rut);
  await page.getByLabel("Razón social").fill(name);
}

/** A RUT whose check digit is another one. */
function withWrongDigit(rut: string) {
  return rut.replace(/.$/, (digit) => (digit === "1" ? "2" : "1"));
}

test.describe("creating", () => {
  test.use({ tolerated: refused });
  test.beforeEach(async ({ context }) => {
    await newUser(context);
  });

  test("by form and keyboard: a wrong check digit is told on blur, nothing typed is lost, the tenant's page follows", async ({
    page,
  }) => {
    const rut = randomRut();
    const wrong = withWrongDigit(rut).replace("-", "");
    await page.goto(list);
    await expect(
      page.getByText("Aún no hay empresas. Crea la primera: toma menos de un minuto."),
    ).toBeVisible();
    await page.getByRole("link", { name: "Nueva empresa" }).first().click();
    const field = page.getByRole("textbox", { name: "RUT" });
    await field.click();
    await page.keyboard.type(wrong);
    await expect(field).toHaveValue(wrong);
    await page.keyboard.press("Tab");
    await expect(field).toHaveValue(formatRut(wrong));
    await expect(page.getByText("El dígito verificador no corresponde. Revisa el RUT.")).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByRole("main")).not.toContainText(formatRut(rut));

    await page.keyboard.type("Viña del Mar Ltda.");
    await page.keyboard.press("Control+Enter");
    await expect(field).toBeFocused();
    await field.fill(rut);
    await expect(page.getByText("El dígito verificador no corresponde")).toHaveCount(0);
    await expect(page.getByRole("img", { name: "RUT correcto" })).toBeVisible();
    await page.getByRole("switch", { name: "ERP" }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Control+Enter");

    await expect(page).toHaveURL(/\/dashboard\/tenants\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Viña del Mar Ltda.");
    await expect(page.getByRole("main")).toContainText(`RUT ${formatRut(rut)}`);
    await expect(page.getByRole("switch", { name: "ERP" })).toBeChecked();
    await expect(page.getByRole("switch", { name: "CRM" })).not.toBeChecked();
    await expect(page.getByText("tenants.create")).toBeVisible();
    await page.goto(`${list}/new`);
    await expect(field).toHaveValue("");
  });

  test("what was typed outlives a reload, an answer that never came and a limit", async ({ page }) => {
    const rut = randomRut();
    await page.goto(`${list}/new`);
    await fillForm(page, rut, "Panadería Ñuñoa");
    await page.reload();
    const name = page.getByLabel("Razón social");
    await expect(name).toHaveValue("Panadería Ñuñoa");

    await page.route("**/api/mcp/tool", (route) => route.abort(), { times: 1 });
    await page.getByRole("button", { name: "Crear empresa" }).click();
    await expect(page.getByText("No hay respuesta del servidor.")).toBeVisible();
    await expect(name).toHaveValue("Panadería Ñuñoa");

    const limited = { ok: false, error: "rate_limited", message: "…", retryAfterMs: 2_000, meta: {} };
    await page.route("**/api/mcp/tool", (route) => route.fulfill({ status: 429, json: limited }), {
      times: 1,
    });
    const again = page.getByRole("button", { name: "Reintentar" });
    await again.click();
    await expect(page.getByText("Llegaste al límite de llamadas por minuto.")).toBeVisible();
    await expect(page.getByText(/Podrás reintentar en \d s\./)).toBeVisible();
    await expect(again).toHaveAttribute("aria-disabled", "true");
    await expect(again).toHaveAttribute("aria-disabled", "false");
    await again.click();
    await expect(page).toHaveURL(/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Panadería Ñuñoa");
  });

  test("a RUT that is there already leads to its tenant", async ({ page }) => {
    const tenant = await newTenant(page);
    await page.goto(`${list}/new`);
    await fillForm(page, tenant.rut, "Otra vez");
    await page.getByRole("button", { name: "Crear empresa" }).click();
    await expect(page.getByText("Ya existe una empresa activa con este RUT.")).toBeVisible();
    await page.getByRole("link", { name: "Ver la empresa que ya existe" }).click();
    await expect(page).toHaveURL(`${list}/${tenant.id}`);
  });

  test("a name that turns the text around is refused by the server, on its field", async ({ page }) => {
    await page.goto(`${list}/new`);
    await fillForm(page, randomRut(), "factura\u202Efdp.exe");
    await page.getByRole("button", { name: "Crear empresa" }).click();
    await expect(page.getByText("El servidor no acepta este nombre")).toBeVisible();
    await expect(page.getByLabel("Razón social")).toBeFocused();
    await expect(page).toHaveURL(`${list}/new`);
  });
});

test.describe("the list", () => {
  test("finds by name and by RUT with and without dots while one types, and by link", async ({
    page,
    context,
  }) => {
    await newUser(context);
    const bakery = await newTenant(page, "Panadería Ñuñoa SpA");
    await newTenant(page, "Ferretería Sur");
    await page.goto(list);
    await expect(rows(page)).toHaveCount(2);
    const search = page.getByRole("searchbox");
    await page.keyboard.press("/");
    await expect(search).toBeFocused();
    for (const text of [formatRut(bakery.rut), bakery.rut, bakery.rut.replace("-", ""), "panaderia nunoa"]) {
      await search.fill("");
      await expect(rows(page)).toHaveCount(2);
      await search.fill(text);
      await expect(rows(page)).toHaveCount(1);
      await expect(rows(page)).toContainText(formatRut(bakery.rut));
    }
    await expect(page).toHaveURL(`${list}?search=panaderia+nunoa`);
    await expect(search).toBeFocused();

    await search.fill("zzz");
    await expect(page.getByText("Nada coincide con «zzz».")).toBeVisible();
    await page.getByRole("link", { name: "Limpiar filtros" }).click();
    await expect(rows(page)).toHaveCount(2);
    await expect(search).toHaveValue("");
    await page.goto(`${list}?search=ferreteria`);
    await expect(rows(page)).toHaveCount(1);
    await rows(page).getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ferretería Sur");
  });

  test("leaves deleted tenants out until they are asked for", async ({ page, context }) => {
    await newUser(context);
    const { id } = await newTenant(page);
    await call(page, "tenants.delete", { id });
    await page.goto(list);
    await expect(page.getByText("No hay empresas activas.")).toBeVisible();
    await page.getByRole("checkbox", { name: "Incluir eliminadas" }).check();
    await expect(page).toHaveURL(`${list}?deleted=1`);
    await expect(rows(page)).toContainText("Eliminada");
  });

  test("pages, and says so of an address that names no page", async ({ page, context }) => {
    await newUser(context);
    await Promise.all(Array.from({ length: 27 }, (_, index) => newTenant(page, `Empresa ${index}`)));
    await page.goto(list);
    await expect(rows(page)).toHaveCount(25);
    const first = await rows(page).getByRole("link").allTextContents();
    await page.getByRole("link", { name: "Página siguiente" }).click();
    await expect(rows(page)).toHaveCount(2);
    const second = await rows(page).getByRole("link").allTextContents();
    expect(new Set([...first, ...second]).size).toBe(27);
    await expect(page.getByRole("link", { name: "Página siguiente" })).toHaveCount(0);
    await page.getByRole("link", { name: "Primera página" }).click();
    await expect(rows(page)).toHaveCount(25);

    await page.goto(`${list}?cursor=broken`);
    await expect(page.getByText("Esta dirección está incompleta o ya no sirve")).toBeVisible();
    await page.getByRole("link", { name: "Empezar de nuevo" }).click();
    await expect(rows(page)).toHaveCount(25);
  });

  test("shows an administrator whose tenants they are", async ({ page, context, browser }) => {
    const owner = await newUser(context);
    const tenant = await newTenant(page, "De otro");
    const other = await browser.newContext();
    await newUser(other, "admin");
    const admin = await other.newPage();
    await admin.goto(`${list}?search=${tenant.rut}`);
    await expect(rows(admin)).toContainText(owner);
    await rows(admin).getByRole("link").click();
    await expect(admin.getByRole("definition").filter({ hasText: owner })).toBeVisible();
    await expect(admin.getByText("tenants.create")).toBeVisible();
    await other.close();
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the list shows and searches, and a tenant's page shows", async ({ page, context }) => {
    await newUser(context);
    await newTenant(page, "Panadería Ñuñoa");
    await newTenant(page, "Ferretería Sur");
    await page.goto(list);
    await expect(rows(page)).toHaveCount(2);
    await page.getByRole("searchbox").fill("ferreteria");
    await page.getByRole("button", { name: "Buscar" }).click();
    await expect(rows(page)).toHaveCount(1);
    await rows(page).getByRole("link").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ferretería Sur");
    await page.getByText("tenants.create").click();
    await expect(page.getByText('"businessName": "Ferretería Sur"')).toBeVisible();
  });
});

test.describe("a tenant's page", () => {
  test.use({ tolerated: refused });

  test("switches at once, two quick ones both hold, and a refused one goes back and says why", async ({
    page,
    context,
  }) => {
    await newUser(context);
    const { id } = await newTenant(page);
    await page.goto(`${list}/${id}`);
    const flag = (name: string) => page.getByRole("switch", { name });
    await expect(flag("CRM")).toBeEnabled();
    await flag("CRM").click();
    await flag("Bot").click();
    await flag("Bot").click();
    await flag("KPI").click();
    await expect(page.getByText("tenants.updateServices")).toHaveCount(4);
    for (const when of ["now", "after a reload"]) {
      await expect(flag("CRM"), when).toBeChecked();
      await expect(flag("Bot"), when).not.toBeChecked();
      await expect(flag("KPI"), when).toBeChecked();
      await page.reload();
    }

    const held = Promise.withResolvers<void>();
    await page.route("**/api/mcp/tool", (route) => held.promise.then(() => route.abort()), { times: 1 });
    await expect(flag("ERP")).toBeEnabled();
    await flag("ERP").click();
    await expect(flag("ERP")).toBeChecked();
    held.resolve();
    await expect(flag("ERP")).not.toBeChecked();
    await expect(page.getByRole("alert").filter({ hasText: "ERP sigue desactivado." })).toContainText(
      "No hay respuesta del servidor.",
    );
    await page.getByRole("button", { name: "Reintentar" }).click();
    await expect(flag("ERP")).toBeChecked();
    await expect(page.getByText("ERP sigue desactivado.")).toHaveCount(0);
    await expect(page.getByRole("status").filter({ hasText: "ERP: activado." })).toBeAttached();
    await page.reload();
    await expect(flag("ERP")).toBeChecked();
  });

  test("a tenant that was deleted elsewhere is said to be, and shown as it is", async ({ page, context }) => {
    await newUser(context);
    const { id } = await newTenant(page);
    await page.goto(`${list}/${id}`);
    await expect(page.getByRole("switch", { name: "CRM" })).toBeEnabled();
    await call(page, "tenants.delete", { id });
    await page.getByRole("switch", { name: "CRM" }).click();
    await expect(page.getByText("Restaura la empresa para cambiar sus servicios.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Restaurar empresa" })).toBeVisible();
  });

  test("deletes after its name or RUT was typed, restores, and explains an active twin", async ({
    page,
    context,
  }) => {
    await newUser(context);
    const tenant = await newTenant(page, "Los Andes SpA");
    await page.goto(`${list}/${tenant.id}`);
    const remove = page.getByRole("main").getByRole("button", { name: "Eliminar empresa" });
    await remove.first().click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Los Andes SpA");
    await expect(dialog).toContainText(formatRut(tenant.rut));
    await expect(dialog).toContainText("se puede restaurar");
    await expect(dialog).toContainText("siguen como están");
    await dialog.getByRole("checkbox", { name: /Desactivar también sus servicios/ }).check();
    await expect(dialog).toContainText("se desactivan en los proveedores que lo permiten");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();

    await remove.first().click();
    const typed = dialog.getByRole("textbox");
    await typed.fill("Los Andes");
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("No coincide con el RUT ni con la razón social")).toBeVisible();
    await typed.fill(tenant.rut.replace("-", ""));
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await expect(page.getByText("Restaura la empresa para cambiar sus servicios.")).toBeVisible();
    await expect(page.getByText("tenants.delete")).toBeVisible();

    const { tenant: twin } = await call(page, "tenants.create", { rut: tenant.rut, businessName: "Gemela" });
    const restore = page.getByRole("button", { name: "Restaurar empresa" });
    await restore.click();
    await expect(page.getByText("Hay otra empresa activa con este RUT.")).toBeVisible();
    await expect(page.getByRole("link", { name: "Ver la empresa activa" })).toHaveAttribute(
      "href",
      `${list}/${twin.id}`,
    );
    await call(page, "tenants.delete", { id: twin.id });
    await restore.click();
    await expect(page.getByRole("switch", { name: "CRM" })).toBeEnabled();
  });

  test("shows its calls, opens them, and leads to Herramientas with the same arguments", async ({
    page,
    context,
  }) => {
    await newUser(context);
    const { id } = await newTenant(page);
    await call(page, "tenants.get", { id });
    // Reads are recorded after their answer.
    await expect(async () => {
      await page.goto(`${list}/${id}`);
      await expect(page.getByText("tenants.get")).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.locator("summary", { hasText: "tenants.get" }).click();
    const opened = page.locator("details[open]");
    await expect(opened).toContainText(`"id": "${id}"`);
    const href =
      (await opened.getByRole("link", { name: "Abrir en Herramientas" }).getAttribute("href")) ?? "";
    const fragment = new URLSearchParams(new URL(href, "http://localhost").hash.slice(1));
    expect([fragment.get("tool"), JSON.parse(fragment.get("args") ?? "")]).toEqual(["tenants.get", { id }]);
  });

  test("is not there for another operator, in the same words as for an id of none and for no id at all", async ({
    page,
    context,
  }) => {
    await newUser(context);
    const { id } = await newTenant(page, "Solo de A");
    await context.clearCookies();
    await newUser(context);
    const texts: (string | null)[] = [];
    for (const address of [id, crypto.randomUUID(), "x", "..%2f..", "%00", "0"]) {
      const answer = await page.goto(`${list}/${address}`);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole("heading", { name: "Empresa no encontrada" })).toBeVisible();
      texts.push(await page.getByRole("main").textContent());
      expect(await page.content()).not.toContain("Solo de A");
    }
    expect(new Set(texts).size).toBe(1);
    await page.goto(list);
    await expect(page.getByText("Aún no hay empresas.")).toBeVisible();
  });
});

test("a viewer sees nothing that writes, and whom to ask", async ({ page, context }) => {
  const user = await newUser(context);
  const { id } = await newTenant(page, "De antes", { crm: true });
  await signInAs(context, user, "viewer");
  for (const address of ["", "/new", `/${id}`]) {
    await page.goto(list + address);
    await expect(page.getByText("Pide acceso a un administrador de tu agencia.").first()).toBeVisible();
    await expect(page.getByRole("link", { name: "Nueva empresa" })).toHaveCount(0);
    await expect(page.getByRole("switch")).toHaveCount(0);
    await expect(page.getByRole("button", { name: /Crear|Eliminar|Restaurar/ })).toHaveCount(0);
  }
  await expect(page.getByRole("listitem").filter({ hasText: "CRM activado" })).toBeVisible();
});

test("with the tools switched off tenants are listed, and what would change them says why it does not", async ({
  page,
  context,
}) => {
  await newUser(context);
  const { id } = await newTenant(page);
  for (const address of ["", "/new", `/${id}`]) {
    await page.goto(disabledUrl + list + address);
    await expect(page.getByText("Las herramientas están desactivadas")).toBeVisible();
    await expect(page.getByRole("link", { name: "Nueva empresa" })).toHaveCount(0);
    await expect(page.getByRole("switch")).toHaveCount(0);
    await expect(page.getByRole("button", { name: /Crear|Eliminar|Restaurar/ })).toHaveCount(0);
    expect((await new AxeBuilder({ page }).analyze()).violations, address).toEqual([]);
  }
  await page.goto(disabledUrl + list);
  await expect(rows(page)).toHaveCount(1);
  const create = page.getByRole("button", { name: "Nueva empresa" });
  await expect(create).toHaveAttribute("aria-disabled", "true");
  await expect(create).toHaveAccessibleDescription(/MCP_ENABLED=true/);
});

for (const businessName of [
  '<img src=x onerror="document.title=1"><script>document.title=2</script>',
  "javascript:document.title=3//",
  "שלום {search} {{7*7}} <b>x</b> & «»",
]) {
  test(`the name ${businessName} is text and nothing else`, async ({ page, context }) => {
    await newUser(context);
    const { id } = await newTenant(page, businessName);
    await page.goto(`${list}?search=${encodeURIComponent(businessName)}`);
    await expect(rows(page).getByRole("link")).toHaveText(businessName);
    await page.goto(`${list}?search=${encodeURIComponent(`${businessName}!`)}`);
    await expect(page.getByText(`Nada coincide con «${businessName}!».`)).toBeVisible();
    await page.goto(`${list}/${id}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(businessName);
    await page.locator("summary").click();
    await page.getByRole("button", { name: "Eliminar empresa" }).first().click();
    await expect(page.getByRole("dialog")).toContainText(businessName);
    expect((await page.title()).startsWith(businessName)).toBe(true);
    expect(await page.locator("main img, main script, a[href^='javascript']").count()).toBe(0);
  });
}

test.describe("the looks", () => {
  test.use({ tolerated: refused });

  test("lists, and what is not there, are accessible and do not scroll sideways", { tag: "@looks" }, async ({
    page,
    context,
  }) => {
    test.slow();
    await newUser(context);
    await newTenant(page, "Los Andes SpA", { crm: true });
    const gone = await newTenant(page, "Eliminada SpA");
    await call(page, "tenants.delete", { id: gone.id });
    const addresses = ["?deleted=1", "?search=zzz", "?cursor=broken", `/${gone.id}`, "/x"];
    for (const [subject, address] of addresses.entries())
      await lookAt(page, subject, async () => {
        await page.goto(list + address);
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      });
  });

  test("form, page and dialog are accessible and do not scroll sideways", { tag: "@looks" }, async ({
    page,
    context,
  }) => {
    test.slow();
    await newUser(context);
    const { id } = await newTenant(page, "Los Andes SpA", { crm: true });
    await lookAt(page, 1, async () => {
      await page.goto(`${list}/new`);
      await fillForm(page, "123456789", "a");
      await page.getByRole("button", { name: "Crear empresa" }).click();
      await expect(page.getByText("El dígito verificador")).toBeVisible();
    });
    await lookAt(page, 0, async () => {
      await page.goto(`${list}/${id}`);
      await expect(page.getByRole("switch", { name: "CRM" })).toBeEnabled();
      await page.route("**/api/mcp/tool", (route) => route.abort(), { times: 1 });
      await page.getByRole("switch", { name: "ERP" }).click();
      await expect(page.getByText("ERP sigue desactivado.")).toBeVisible();
      await page.locator("summary").first().click();
    });
    await page.getByRole("button", { name: "Eliminar empresa" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Eliminar empresa" }).click();
    await expect(page.getByText("No coincide con el RUT")).toBeVisible();
    await lookAgain(page, 1);
  });

  test("nothing of it scrolls sideways on a phone", async ({ page, context }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await newUser(context);
    const { id } = await newTenant(page, "W".repeat(120), { crm: true, bot: true });
    for (const address of ["", "/new", `/${id}`, "/x", "?cursor=broken"]) {
      await page.goto(list + address);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      const summary = page.locator("summary");
      if ((await summary.count()) > 0) await summary.first().click();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, address).toBeLessThanOrEqual(390);
    }
  });
});

test.describe("in English", () => {
  test.use({ locale: "en-GB" });

  test("the list, the form and the page are in English", async ({ page, context }) => {
    await newUser(context);
    await page.goto(list);
    await expect(page.getByText("No tenants yet.")).toBeVisible();
    await page.getByRole("link", { name: "New tenant" }).first().click();
    const rut = randomRut();
    await page.getByRole("textbox", { name: "RUT" }).fill(withWrongDigit(rut));
    await page.keyboard.press("Tab");
    await expect(page.getByText("The check digit does not match. Check the RUT.")).toBeVisible();
    await page.getByRole("textbox", { name: "RUT" }).fill(rut);
    await page.getByLabel("Legal name").fill("Los Andes SpA");
    await page.getByRole("button", { name: "Create tenant" }).click();
    await expect(page.getByRole("switch", { name: "Workflows" })).toBeVisible();
    await expect(page.getByText("Not provisioned")).toHaveCount(5);
    await page.getByRole("button", { name: "Delete tenant" }).first().click();
    await expect(page.getByRole("dialog")).toContainText("Delete this tenant?");
  });
});
