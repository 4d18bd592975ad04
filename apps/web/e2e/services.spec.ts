import type { Locator, Page } from "@playwright/test";
import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { lookAgain, lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { workerRows } from "./rows.ts";
import { disabledUrl, newUser, signInAs } from "./user.ts";

/** What the browser itself reports of pages that are not there, and of calls that are refused or cut. */
const refused = /status of (?:4\d\d|50\d)|net::ERR_FAILED/;
test.use({ timezoneId: "America/Santiago" });

type Tenant = { id: string; rut: string; business_name: string };
const card = (page: Page | Locator, vendor: Vendor) => page.locator(`fieldset [data-vendor="${vendor}"]`);
const stepOf = (page: Page | Locator, vendor: Vendor) => page.locator(`ol [data-vendor="${vendor}"]`);

async function newTenant(page: Page, businessName = "Los Andes SpA", services = {}): Promise<Tenant> {
  const args = { rut: randomRut(), businessName, services };
  const answer = await page.request.post("/api/mcp/tool", { data: { name: "tenants.create", args } });
  const { ok, result, message } = await answer.json();
  if (!ok) throw new Error(message);
  return result.tenant;
}

// What a worker does by itself happens to services that are switched on: these stay off, and their rows are written here.
const rows = () => workerRows();

/** A run of five steps, one in each state that a step may stand in while its run is open. */
async function openRun(tenant: Tenant, user: string) {
  const run = await rows().open(tenant.id, ["chatwoot", "botpress", "odoo", "n8n", "metabase"], user);
  await Promise.all(
    ["chatwoot", "botpress", "odoo", "n8n"].map((vendor) => rows().begin(run, vendor as Vendor)),
  );
  await rows().end(run, "chatwoot", {
    state: "succeeded",
    externalId: "17",
    created: true,
    duplicates: ["21", "22"],
  });
  await rows().end(run, "odoo", {
    state: "failed",
    kind: "conflict",
    message: "odoo company.create: conflict (status 422).",
    remedy: "resolve_name_clash",
  });
  await rows().end(run, "n8n", {
    state: "waiting",
    kind: "unavailable",
    message: "n8n tag.create: unavailable (status 503).",
    remedy: "check_service",
    nextAttemptAt: new Date(Date.now() + 90_000),
  });
  return run;
}

test.describe("the services of a tenant", () => {
  test("say in words how each stands, since when, why and what to do", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    await openRun(tenant, user);
    await page.goto(`/dashboard/tenants/${tenant.id}`);

    await expect(card(page, "chatwoot")).toContainText("Bandeja de Chatwoot 17");
    await expect(card(page, "chatwoot")).toContainText("Sigue habilitado");
    await expect(card(page, "chatwoot")).toContainText("Hay otros 2 recursos de esta empresa en Chatwoot");
    await expect(card(page, "chatwoot").getByRole("listitem")).toHaveText(["21", "22"]);

    await expect(card(page, "botpress")).toContainText("En curso");
    const elapsed = card(page, "botpress").getByText(/^lleva \d:\d\d$/);
    const before = await elapsed.textContent();
    await expect(elapsed).not.toHaveText(before ?? "");

    const n8n = card(page, "n8n");
    await expect(n8n).toContainText("Reintento pendiente");
    await expect(n8n).toContainText(/Próximo intento en (?:1:[0-2]\d|0:5\d) · intento 2/);
    await expect(n8n).toContainText("n8n no responde. Revisa que n8n esté funcionando");
    await expect(n8n.getByText("n8n tag.create: unavailable")).toBeHidden();
    await n8n.getByText("Detalle técnico").click();
    await expect(n8n.getByText("n8n tag.create: unavailable (status 503).")).toBeVisible();
    await expect(n8n.getByText("check_service")).toBeVisible();

    await expect(card(page, "metabase")).toContainText("En cola");
    await expect(page.getByText("2 de 5")).toBeVisible();
  });

  test("change while one looks, without a reload", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(card(page, "odoo")).toContainText("Sin habilitar");
    await page.evaluate(() => document.body.setAttribute("data-same", ""));
    const run = await rows().open(tenant.id, ["odoo"], user);
    await expect(card(page, "odoo")).toContainText("En cola");
    await rows().begin(run, "odoo");
    await expect(card(page, "odoo")).toContainText("En curso");
    await rows().end(run, "odoo", {
      state: "failed",
      kind: "auth",
      message: "x",
      remedy: "check_credential",
    });
    await expect(page.getByText("Fallida", { exact: true })).toBeVisible();
    await expect(page.locator("body[data-same]")).toHaveCount(1);
  });

  for (const [kind, words] of [
    ["missing", "No existe en Odoo, aunque acá está encendido o registrado."],
    ["foreign", "Lo registrado en Odoo no es de esta empresa."],
    ["disabled", "Está desactivado en Odoo"],
    ["incomplete", "En Odoo está a medias"],
    ["renamed", "Le cambiaron el nombre en Odoo."],
  ] as const) {
    test(`tell that they are apart from the vendor: ${kind}`, async ({ page, context }) => {
      const user = await newUser(context);
      const tenant = await newTenant(page);
      const run = await rows().open(tenant.id, ["odoo"], user);
      await rows().begin(run, "odoo");
      await rows().end(run, "odoo", { state: "succeeded", externalId: "7" });
      await page.goto(`/dashboard/tenants/${tenant.id}`);
      await expect(card(page, "odoo")).toContainText("Sigue habilitado");
      await rows().drift(tenant.id, "odoo", kind, "7", "Otra <b>empresa</b> \u202egnp.exe");
      await expect(card(page, "odoo")).toContainText("Con diferencias");
      await expect(card(page, "odoo")).toContainText(words);
      if (kind === "renamed")
        await expect(card(page, "odoo")).toContainText(
          "Ahora se llama «Otra <b>empresa</b> ⟨U+202E⟩gnp.exe»",
        );
    });
  }

  test("name what a vendor cannot disable, and what is disabled", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    const made = await rows().open(tenant.id, ["chatwoot", "odoo"], user);
    await Promise.all([rows().begin(made, "chatwoot"), rows().begin(made, "odoo")]);
    await rows().end(made, "chatwoot", { state: "succeeded", externalId: "17" });
    await rows().end(made, "odoo", { state: "succeeded", externalId: "7" });
    const off = await rows().open(tenant.id, ["chatwoot", "odoo"], user, "disable");
    await Promise.all([rows().begin(off, "chatwoot"), rows().begin(off, "odoo")]);
    await rows().end(off, "chatwoot", { state: "unsupported" });
    await rows().end(off, "odoo", { state: "succeeded", externalId: "7" });
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(card(page, "chatwoot")).toContainText("Sigue activo");
    await expect(card(page, "chatwoot")).toContainText("Chatwoot no permite desactivar");
    await expect(card(page, "odoo")).toContainText("Desactivado en Odoo. Sus datos se conservan.");
  });

  test("offer nothing to who may only look", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    const run = await openRun(tenant, user);
    await signInAs(context, user, "viewer");
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(card(page, "botpress")).toContainText("En curso");
    await expect(page.getByText("Pide acceso a un administrador de tu agencia.").first()).toBeVisible();
    await expect(page.getByRole("switch")).toHaveCount(0);
    const acting = page.getByRole("button", { name: /Reintentar|Habilitar|Cancelar|Reparar|pasaría/ });
    await expect(acting).toHaveCount(0);
    await page.goto(`/dashboard/runs/${run}`);
    await expect(stepOf(page, "botpress")).toContainText("En curso");
    await expect(acting).toHaveCount(0);
  });

  test.describe("with the tools off", () => {
    test("are shown, and nothing is offered", async ({ page, context }) => {
      const user = await newUser(context);
      const tenant = await newTenant(page);
      await openRun(tenant, user);
      await page.goto(`${disabledUrl}/dashboard/tenants/${tenant.id}`);
      await expect(card(page, "botpress")).toContainText("En curso");
      await expect(page.getByText("MCP_ENABLED=true")).toBeVisible();
      await expect(page.getByRole("button", { name: /Reintentar|Habilitar|Cancelar ejec/ })).toHaveCount(0);
    });
  });
});

test.describe("following", () => {
  test.use({ tolerated: refused });

  test("goes on by polling where no stream comes through, and says how old things are where nothing does", async ({
    page,
    context,
  }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    await page.route("**/api/services/stream?*", (route) => route.abort());
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(card(page, "odoo")).toContainText("Sin habilitar");
    const run = await rows().open(tenant.id, ["odoo"], user);
    await expect(card(page, "odoo")).toContainText("En cola");
    await page.route("**/api/services?*", (route) => route.abort());
    await expect(page.getByText(/Datos de hace \d:\d\d\. Reconectando…/)).toBeVisible();
    await expect(card(page, "odoo")).toContainText("En cola");
    await page.unroute("**/api/services?*");
    await rows().begin(run, "odoo");
    await expect(card(page, "odoo")).toContainText("En curso");
    await expect(page.getByText(/Reconectando/)).toHaveCount(0);
  });

  test("takes one stream for a page, and none while the page is hidden", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    const open = new Set<string>();
    let begun = 0;
    page.on("request", (request) => {
      if (!request.url().includes("/api/services/stream")) return;
      begun += 1;
      open.add(request.url());
    });
    page.on("requestfailed", (request) => open.delete(request.url()));
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect.poll(() => begun).toBe(1);
    const hide = (state: "hidden" | "visible") =>
      page.evaluate((value) => {
        Object.defineProperty(document, "visibilityState", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await hide("hidden");
    await expect.poll(() => open.size).toBe(0);
    const run = await rows().open(tenant.id, ["odoo"], user);
    await rows().begin(run, "odoo");
    await page.waitForTimeout(1_500);
    await expect(card(page, "odoo")).toContainText("Sin habilitar");
    await hide("visible");
    await expect(card(page, "odoo")).toContainText("En curso");
    expect(begun).toBe(2);
  });
});

test.describe("the runs", () => {
  test("of all tenants are listed, found, filtered, paged and opened", async ({ page, context }) => {
    const user = await newUser(context);
    await page.goto("/dashboard/runs");
    await expect(page.getByText("Aún no hay ejecuciones.")).toBeVisible();
    const bakery = await newTenant(page, "Panadería Ñuñoa SpA");
    const iron = await newTenant(page, "Ferretería <i>Sur</i> \u202dgnp".replace("\u202d", ""));
    await openRun(bakery, user);
    const done = await rows().open(iron.id, ["metabase"], "user_somebody_else");
    await rows().begin(done, "metabase");
    await rows().end(done, "metabase", { state: "succeeded", externalId: "32", created: true });
    await page.reload();
    const list = page.locator("main details:has(> summary [data-kind])");
    await expect(list).toHaveCount(2);
    await expect(list.first()).toContainText("Ferretería <i>Sur</i>");
    await expect(list.first()).toContainText("user_somebody_else");
    await expect(list.last()).toContainText("Tú");

    await page.getByRole("combobox", { name: "Proveedor" }).selectOption("Odoo");
    await expect(page).toHaveURL(/vendor=odoo/);
    await expect(list).toHaveText([/Panadería/]);
    await list.locator("summary").first().click();
    await expect(list.locator("ol > li")).toHaveCount(5);
    await expect(stepOf(page, "odoo")).toContainText("Ese nombre ya lo usa otro en Odoo.");

    await page.getByRole("combobox", { name: "Estado" }).selectOption("Correctas");
    await expect(page.getByText("Nada coincide con estos filtros.")).toBeVisible();
    await page.getByRole("link", { name: "Limpiar filtros" }).first().click();
    await expect(list).toHaveCount(2);
    await expect(page.getByRole("combobox", { name: "Proveedor" })).toHaveValue("");
    await page.getByRole("combobox", { name: "Quién la pidió" }).selectOption("Pedidas por mí");
    await expect(list).toHaveCount(1);
    await page.getByRole("combobox", { name: "Quién la pidió" }).selectOption("Pedidas por cualquiera");
    await expect(list).toHaveCount(2);

    const search = page.getByRole("searchbox");
    await search.fill(formatRut(iron.rut));
    await expect(list).toHaveText([/Ferretería/]);
    await search.fill("nunoa");
    await expect(list).toHaveText([/Panadería/]);
    await search.fill("zzz");
    await expect(page.getByText("Nada coincide con «zzz».")).toBeVisible();
    await page.goBack();
    await page.goto("/dashboard/runs?cursor=nonsense");
    await expect(page.getByText("Esta dirección está incompleta")).toBeVisible();
    await page.getByRole("link", { name: "Empezar de nuevo" }).click();
    await list.first().locator("summary").first().click();
    await page.getByRole("link", { name: "Ver ejecución" }).click();
    await expect(page).toHaveURL(/\/dashboard\/runs\/[0-9a-f-]{36}$/);
    await page.getByRole("link", { name: /Ferretería/ }).click();
    await expect(page).toHaveURL(`/dashboard/tenants/${iron.id}`);
    await page.getByRole("link", { name: "Ver todas sus ejecuciones" }).click();
    await expect(page).toHaveURL(`/dashboard/runs?tenant=${iron.id}`);
    await expect(list).toHaveCount(1);
  });

  test("come in pages", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    const ids: string[] = [];
    for (let run = 0; run < 27; run++) {
      // The same steps again open a run only once the one before is over.
      const id = await rows().open(tenant.id, ["n8n"], user);
      await rows().cancel(id);
      ids.push(id);
    }
    await page.goto("/dashboard/runs");
    const links = page.locator('main a[href^="/dashboard/runs/"]');
    const shown = async (count: number) => {
      await expect(links).toHaveCount(count);
      return links.evaluateAll((all) => all.map((link) => link.getAttribute("href")?.split("/").at(-1)));
    };
    const first = await shown(25);
    await page.getByRole("link", { name: "Página siguiente" }).click();
    expect([...first, ...(await shown(2))]).toEqual(ids.toReversed());
  });

  test("of another's tenant are not there", async ({ page, context, browser }) => {
    const other = await browser.newContext();
    const owner = await newUser(other);
    const theirs = await newTenant(await other.newPage());
    const run = await rows().open(theirs.id, ["odoo"], owner);
    await other.close();
    await newUser(context);
    await page.goto(`/dashboard/runs?tenant=${theirs.id}`);
    await expect(page.getByText("Nada coincide con estos filtros.")).toBeVisible();
    const answer = await page.request.get(`/dashboard/runs/${run}`);
    expect(answer.status()).toBe(404);
    expect(await answer.text()).toContain("Ejecución no encontrada");
    expect((await page.request.get("/dashboard/runs/not-an-id")).status()).toBe(404);
  });

  test("are found from the palette and by two keys", async ({ page, context }) => {
    await newUser(context);
    await page.goto("/dashboard");
    await page.keyboard.press("ControlOrMeta+k");
    await expect(page.getByRole("textbox", { name: /Buscar sección/ })).toBeFocused();
    await page.keyboard.type("Ejecuc");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/dashboard/runs");
    await page.goto("/dashboard");
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await expect(page).toHaveURL("/dashboard/runs");
    await expect(
      page.getByRole("navigation", { name: "Secciones" }).getByRole("link", { name: "Ejecuciones" }),
    ).toHaveAttribute("aria-current", "page");
  });

  test.describe("without JavaScript", () => {
    test.use({ javaScriptEnabled: false });

    test("can be read, opened and filtered", async ({ page, context }) => {
      const user = await newUser(context);
      const tenant = await newTenant(page, "Sin guion Ltda.");
      const run = await openRun(tenant, user);
      await page.goto("/dashboard/runs");
      await page.locator("details:has(ol) > summary").click();
      await expect(stepOf(page, "odoo")).toContainText("Odoo ya tiene algo que lo impide.");
      await page.getByRole("combobox", { name: "Estado" }).selectOption("Correctas");
      await page.getByRole("button", { name: "Buscar" }).click();
      await expect(page.getByText("Nada coincide con estos filtros.")).toBeVisible();
      await page.goto(`/dashboard/runs/${run}`);
      await expect(stepOf(page, "chatwoot")).toContainText("creado en esta ejecución");
      await page.goto(`/dashboard/tenants/${tenant.id}`);
      await expect(card(page, "botpress")).toContainText("En curso");
    });
  });
});

test("a run is cancelled by keyboard alone, and the focus comes back to where it was", async ({
  page,
  context,
}) => {
  const user = await newUser(context);
  const tenant = await newTenant(page);
  const run = await openRun(tenant, user);
  await page.goto(`/dashboard/runs/${run}`);
  const cancel = page.getByRole("main").getByRole("button", { name: "Cancelar ejecución" });
  await expect(cancel).toBeEnabled();
  await page.getByRole("link", { name: "Volver a ejecuciones" }).focus();
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press("Tab");
    if (await cancel.evaluate((button) => button === document.activeElement)) break;
  }
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Seguir" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(cancel).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await expect(dialog.getByRole("button", { name: "Cancelar ejecución" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(stepOf(page, "metabase")).toContainText("Cancelado");
  await expect(page.getByText("Cancelación pedida: termina lo que está en curso.")).toBeVisible();
});

for (const [locale, words] of [
  ["es-CL", ["No se puede", "Omitido", "Fallido", "Deshecho", "Cancelado", "Cancelada"]],
  ["en-GB", ["Not possible", "Skipped", "Failed", "Undone", "Cancelled", "Cancelled"]],
] as const) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test("a run that is over says how each step ended", async ({ page, context }) => {
      const user = await newUser(context);
      const tenant = await newTenant(page);
      const run = await rows().open(tenant.id, [...vendors], user);
      const states = ["unsupported", "skipped", "failed", "succeeded"] as const;
      await Promise.all(states.map((_state, place) => rows().begin(run, vendors[place] as Vendor)));
      await Promise.all(states.map((state, place) => rows().end(run, vendors[place] as Vendor, { state })));
      await rows().cancel(run);
      await rows().undo(run, "n8n");
      await page.goto(`/dashboard/runs/${run}`);
      await expect(page.locator("ol > li [data-kind]")).toHaveText(words.slice(0, 5));
      await expect(page.locator("main > div > p [data-kind]").first()).toHaveText(words[5]);
    });
  });
}

test.describe("in English", () => {
  test.use({ locale: "en-GB" });

  test("every state has its words", async ({ page, context }) => {
    const user = await newUser(context);
    const tenant = await newTenant(page);
    const run = await openRun(tenant, user);
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await expect(card(page, "chatwoot")).toContainText("Still provisioned");
    await expect(card(page, "chatwoot")).toContainText(
      "There are 2 other resources of this tenant in Chatwoot.",
    );
    await expect(card(page, "botpress")).toContainText("Running");
    await expect(card(page, "n8n")).toContainText(/Retry pending.*Next attempt in \d:\d\d · attempt 2/);
    await expect(card(page, "n8n")).toContainText("n8n does not answer.");
    await expect(card(page, "metabase")).toContainText("Queued");
    await page.goto(`/dashboard/runs/${run}`);
    await expect(stepOf(page, "odoo")).toContainText("Odoo already has something that is in the way.");
    await expect(stepOf(page, "odoo")).toContainText("Rename either of the two, then retry.");
    await page.getByRole("button", { name: "Cancel run" }).click();
    await expect(page.getByRole("dialog")).toContainText("Chatwoot: what this run made is undone. 17");
    await expect(page.getByRole("dialog")).toContainText("Botpress: is running.");
    await page.keyboard.press("Escape");
    await rows().cancel(run);
    await expect(stepOf(page, "metabase")).toContainText("Cancelled");
    await rows().end(run, "botpress", { state: "unsupported" });
    await expect(stepOf(page, "botpress")).toContainText("Not possible");
    await rows().undo(run, "chatwoot");
    await expect(stepOf(page, "chatwoot")).toContainText("Undone");
  });
});

test("services, runs and their dialogs are accessible and do not scroll sideways", { tag: "@looks" }, async ({
  page,
  context,
}) => {
  test.slow();
  const user = await newUser(context);
  const hostile = `A${"w".repeat(60)} <script>alert(1)</script> ${"m".repeat(50)}`.slice(0, 120);
  const tenant = await newTenant(page, hostile);
  const run = await openRun(tenant, user);
  await lookAt(page, 0, async () => {
    await page.goto(`/dashboard/tenants/${tenant.id}`);
    await card(page, "n8n").getByText("Detalle técnico").click();
  });
  await page.getByRole("button", { name: "Cancelar ejecución" }).click();
  await expect(page.getByRole("dialog")).toContainText(hostile);
  await lookAgain(page, 1);
  await lookAt(page, 0, async () => {
    await page.goto("/dashboard/runs");
    await page.locator("main summary").first().click();
  });
  await lookAt(page, 1, () => page.goto(`/dashboard/runs/${run}`));
  await lookAt(page, 0, () => page.goto("/dashboard/runs?state=succeeded"));
});
