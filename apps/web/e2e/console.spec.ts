import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { hostileStrings } from "./backend.ts";
import { expect, test } from "./quiet.ts";
import { backedUrl, backendUrl, disabledUrl, newUser } from "./user.ts";

// What the browser itself reports of calls that the server refuses.
test.use({ tolerated: /status of (?:400|401|429|503)/ });

const consolePath = "/dashboard/mcp";
const link = (tool: string, args: unknown) =>
  `${consolePath}#${new URLSearchParams({ tool, args: JSON.stringify(args) })}`;
const result = (page: Page) => page.getByRole("region", { name: "Resultado" });
const run = (page: Page) => page.getByRole("button", { name: "Ejecutar", exact: true });

async function callTool(page: Page, name: string, args: object) {
  return (await page.request.post("/api/mcp/tool", { data: { name, args } })).json();
}

async function createTenant(page: Page, businessName = "Los Andes SpA") {
  const { result } = await callTool(page, "tenants.create", { rut: newRut(), businessName });
  return result.tenant as { id: string; rut: string; business_name: string };
}

/** Puts a text into the JSON view, as a person does who pastes it. */
async function writeJson(page: Page, text: string) {
  await page.getByRole("tab", { name: "JSON" }).first().click();
  const editor = page.getByRole("textbox", { name: /JSON/ });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

test.describe("an operator", () => {
  test.beforeEach(async ({ context }) => {
    await newUser(context);
  });

  test("makes the first call with one click", async ({ page }) => {
    await page.goto(consolePath);
    await page.getByRole("button", { name: /Ver mis empresas/ }).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    await expect(result(page).getByText(/\d ms/)).toBeVisible();
  });

  test("sees the tools of the role alone, and finds them by name and description", async ({ page }) => {
    await page.goto(consolePath);
    const tools = page.getByRole("navigation", { name: "Herramientas disponibles" }).getByRole("button");
    await expect(tools).toHaveCount(17);
    await page.keyboard.press("/");
    await page.keyboard.type("softly");
    await expect(tools).toHaveText([/delete/]);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "tenants.delete" })).toBeVisible();
    await expect(page.getByText("Quita o elimina").first()).toBeVisible();
    await page.getByRole("searchbox", { name: /Buscar/ }).fill("zzz");
    await expect(page.getByText("Nada coincide con «zzz».")).toBeVisible();
    await page.getByRole("button", { name: "Limpiar búsqueda" }).click();
    await expect(tools).toHaveCount(17);
  });

  test("creates a tenant by the form, and the same arguments are there as JSON", async ({ page }) => {
    await page.goto(`${consolePath}#tool=tenants.create`);
    const rut = newRut();
    await page.getByRole("textbox", { name: /^rut/ }).fill(rut);
    await page.getByRole("textbox", { name: /^businessName/ }).fill("Viña del Mar Ltda.");
    await page.keyboard.press("ControlOrMeta+j");
    await expect(page.getByRole("textbox", { name: /JSON/ })).toContainText(
      '"businessName": "Viña del Mar Ltda."',
    );
    await page.keyboard.press("ControlOrMeta+j");
    await expect(page.getByRole("textbox", { name: /^businessName/ })).toHaveValue("Viña del Mar Ltda.");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    const { result: listed } = await callTool(page, "tenants.list", { search: "Viña" });
    expect(listed.tenants).toMatchObject([{ business_name: "Viña del Mar Ltda." }]);
  });

  test("edits JSON, and what the form cannot show is not lost", async ({ page }) => {
    await page.goto(`${consolePath}#tool=tenants.list`);
    await writeJson(page, '{"limit": 5, "unknownKey": {"deep": [1, 2]}}');
    await page.getByRole("tab", { name: "Formulario" }).click();
    await page.getByRole("textbox", { name: /^search/ }).fill("Andes");
    await page.getByRole("tab", { name: "JSON" }).first().click();
    const editor = page.getByRole("textbox", { name: /JSON/ });
    await expect(editor).toContainText('"unknownKey"');
    await expect(editor).toContainText('"search": "Andes"');
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(page.getByText(/Revisa:.*unknownKey/)).toBeVisible();
    await page.getByRole("button", { name: "Enviar de todos modos" }).click();
    await expect(result(page).getByText("invalid_input")).toBeVisible();
    await writeJson(page, '{"limit": ');
    await expect(page.getByText("El JSON no es válido.")).toBeVisible();
  });

  test("meets what the server says on the field that it is about", async ({ page }) => {
    await page.goto(`${consolePath}#tool=tenants.create`);
    const field = page.getByRole("textbox", { name: /^rut/ });
    await field.fill("11.111.111-2");
    await page.getByRole("textbox", { name: /^businessName/ }).fill("Con error");
    await expect(page.getByText("El dígito verificador no corresponde. Revisa el RUT.")).toBeVisible();
    await run(page).click();
    await page.getByRole("button", { name: "Enviar de todos modos" }).click();
    await expect(result(page).getByText("invalid_input")).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    const arguments_ = page.getByRole("region", { name: "Parámetros" });
    await expect(arguments_.getByText("The check digit does not match")).toBeVisible();
    // No one offers the right digit: it would be some other company's.
    await expect(page.getByText("11.111.111-1")).toHaveCount(0);
    await field.fill("");
    await expect(arguments_.getByText("The check digit does not match")).toHaveCount(0);
  });

  test("is asked before a tool that removes, which names what it touches", async ({ page }) => {
    await page.goto(consolePath);
    const tenant = await createTenant(page, "Panadería <b>Sur</b>");
    await page.goto(link("tenants.delete", { id: tenant.id }));
    await page.reload();
    await run(page).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Panadería <b>Sur</b>");
    await page.keyboard.press("Enter");
    await expect(dialog).toHaveCount(0);
    expect((await callTool(page, "tenants.get", { id: tenant.id })).result.tenant.active).toBe(true);
    await run(page).click();
    await page.getByRole("button", { name: "Ejecutar tenants.delete" }).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    expect((await callTool(page, "tenants.get", { id: tenant.id })).result.tenant.active).toBe(false);
  });

  test("opens a link without running it, and gets the own draft back", async ({ page }) => {
    await page.goto(`${consolePath}#tool=tenants.list`);
    await page.getByRole("textbox", { name: /^search/ }).fill("mi borrador");
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      link("tenants.list", { search: "del enlace" }).split("#")[1] ?? "",
    );
    await expect(page.getByRole("textbox", { name: /^search/ })).toHaveValue("del enlace");
    await expect(result(page).getByText("Todavía no hay resultado")).toBeVisible();
    expect(page.url()).not.toContain("enlace");
    await page.getByRole("button", { name: "Volver a mi borrador" }).click();
    await expect(page.getByRole("textbox", { name: /^search/ })).toHaveValue("mi borrador");
    await page.waitForTimeout(500);
    await page.reload();
    await expect(page.getByRole("textbox", { name: /^search/ })).toHaveValue("mi borrador");
    await page.goto(`${consolePath}#tool=root.shell`);
    await page.reload();
    await expect(page.getByRole("alert").filter({ hasText: "root.shell" })).toBeVisible();
  });

  test("a link brings its arguments once: who comes back finds what was written since", async ({ page }) => {
    const search = page.getByRole("textbox", { name: /^search/ });
    await page.goto(link("tenants.list", { search: "del enlace" }));
    await search.fill("escrito después");
    for (let visit = 0; visit < 2; visit += 1) {
      await page.getByRole("link", { name: "Empresas" }).click();
      await expect(page.getByRole("heading", { name: "Empresas" })).toBeVisible();
      await page.getByRole("link", { name: "Herramientas" }).click();
      await expect(search).toHaveValue("escrito después");
    }
    expect(page.url()).toMatch(/#tool=tenants\.list$/);
  });

  test("a second link does not take away what a first one put aside", async ({ page }) => {
    const search = page.getByRole("textbox", { name: /^search/ });
    const follow = (words: string) =>
      page.evaluate(
        (hash) => {
          location.hash = hash;
        },
        link("tenants.list", { search: words }).split("#")[1] ?? "",
      );
    await page.goto(`${consolePath}#tool=tenants.list`);
    await search.fill("mi borrador");
    await follow("uno");
    await expect(search).toHaveValue("uno");
    await follow("dos");
    await expect(search).toHaveValue("dos");
    await page.getByRole("button", { name: "Volver a mi borrador" }).click();
    await expect(search).toHaveValue("mi borrador");
  });

  test("goes back from a tool to where none was chosen, and a call that ends there changes nothing", async ({
    page,
  }) => {
    await page.goto(consolePath);
    await page.getByRole("button", { name: /Crear una empresa/ }).click();
    await page.getByRole("textbox", { name: /^rut/ }).fill(newRut());
    await page.getByRole("textbox", { name: /^businessName/ }).fill("Se crea aparte");
    await page.route("**/api/mcp/tool", async (route) => {
      await page.waitForTimeout(800);
      await route.continue();
    });
    await run(page).click();
    await page.goBack();
    const actions = page.getByRole("heading", { name: "Acciones rápidas" });
    await expect(actions).toBeVisible();
    await expect(page.getByRole("button", { name: "Ver Se crea aparte" })).toBeVisible();
    await expect(actions).toBeVisible();
  });

  test("a double click runs once and cancels nothing", async ({ page }) => {
    let calls = 0;
    await page.route("**/api/mcp/tool", async (route) => {
      calls += 1;
      await page.waitForTimeout(400);
      await route.continue();
    });
    await page.goto(`${consolePath}#tool=tenants.list`);
    await run(page).dblclick();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    expect(calls).toBe(1);
  });

  test("arguments nested without end stop nothing, and thousands of wrong names are counted", async ({
    page,
  }) => {
    const nested = `{"id": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    await page.goto(`${consolePath}#${new URLSearchParams({ tool: "tenants.delete", args: nested })}`);
    await run(page).click();
    await expect(page.getByText("El JSON no es válido.")).toBeVisible();
    await page.keyboard.press("ControlOrMeta+j");
    await expect(page.getByRole("textbox", { name: /JSON/ })).toBeVisible();
    const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`\u202e${n}`, n]));
    await page.goto("about:blank");
    await page.goto(link("tenants.list", many));
    await run(page).click();
    await expect(page.getByText(/^Revisa: ⟨U\+202E⟩0, .* y 1\.988 más$/)).toBeVisible();
  });

  test.describe("whose network goes", () => {
    test.use({ tolerated: /ERR_INTERNET_DISCONNECTED/ });

    test("stays where it was in the middle of a call, and is told what is not known", async ({
      page,
      context,
    }) => {
      await page.goto(consolePath);
      await page.getByRole("button", { name: /Crear una empresa/ }).click();
      await page.getByRole("textbox", { name: /^rut/ }).fill(newRut());
      await page.getByRole("textbox", { name: /^businessName/ }).fill("Sin red");
      await page.route("**/api/mcp/tool", async (route) => {
        await context.setOffline(true);
        await route.abort("internetdisconnected");
      });
      await run(page).click();
      await expect(
        result(page)
          .getByText(/no sabemos si la llamada alcanzó/)
          .last(),
      ).toBeVisible();
      await page.waitForTimeout(500);
      await expect(page.getByRole("textbox", { name: /^businessName/ })).toHaveValue("Sin red");
    });
  });

  test("shares a link whose arguments reach no server", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.url()} ${request.headers().referer ?? ""}`));
    await page.goto(`${consolePath}#tool=tenants.list`);
    await page.getByRole("textbox", { name: /^search/ }).fill("secreto-del-enlace");
    await page.getByRole("button", { name: "Copiar enlace" }).click();
    await expect(page.getByText(/Enlace copiado/)).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(copied).hash).toContain("secreto-del-enlace");
    await page.goto("about:blank");
    await page.goto(copied);
    await expect(page.getByRole("textbox", { name: /^search/ })).toHaveValue("secreto-del-enlace");
    expect(asked.filter((line) => line.includes("secreto-del-enlace"))).toEqual([]);
  });

  test("runs again from the history, and opens a past call whole", async ({ page }) => {
    await page.goto(link("tenants.list", { limit: 7 }));
    await run(page).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    await page.reload();
    const history = page.getByRole("region", { name: "Historial" });
    await expect(history.getByRole("listitem")).toHaveCount(1);
    await history.getByRole("button", { name: /^Abrir tenants.list/ }).click();
    await expect(page.getByRole("region", { name: "Llamada del historial" })).toContainText('"limit": 7');
    await history.getByRole("button", { name: /^Repetir tenants.list/ }).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    await expect(history.getByRole("listitem")).toHaveCount(2);
    await history.getByRole("combobox", { name: "Estado" }).selectOption("Fallidas");
    await expect(page.getByText("Nada coincide con el filtro.")).toBeVisible();
  });

  test("is told of the limit, waits as long as it says, and goes on", async ({ page }) => {
    test.setTimeout(150_000);
    await page.goto(`${consolePath}#tool=tenants.list`);
    await Promise.all(Array.from({ length: 30 }, () => callTool(page, "tenants.list", {})));
    await run(page).click();
    await expect(
      result(page).getByText("Llegaste al límite de llamadas por minuto.", { exact: true }),
    ).toBeVisible();
    await expect(result(page).getByText(/Puedes ejecutar de nuevo en \d+ s/)).toBeVisible();
    await expect(page.getByText("Quedan 0 de 30 llamadas")).toBeVisible();
    const again = result(page).getByRole("button", { name: "Ejecutar de nuevo" });
    await expect(again).toBeDisabled();
    await expect(again).toBeEnabled({ timeout: 90_000 });
    await again.click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
  });

  test("keeps what was written when the session ends in between", async ({ page, context }) => {
    await page.goto(`${consolePath}#tool=tenants.list`);
    await page.getByRole("textbox", { name: /^search/ }).fill("no se pierde");
    await context.clearCookies();
    await run(page).click();
    await expect(result(page).getByRole("link", { name: "Volver a entrar" })).toBeVisible();
    await expect(page.getByRole("textbox", { name: /^search/ })).toHaveValue("no se pierde");
  });
});

test.describe("before a slow, large or hostile backend", () => {
  test.use({ baseURL: backedUrl });
  test.beforeEach(async ({ context }) => {
    await newUser(context);
  });

  test("a call that takes long is seen to run, outlives its page, and is really cancelled", async ({
    page,
  }) => {
    const mark = crypto.randomUUID();
    await page.goto(link("fastapi.get", { path: "/tenants", query: { kind: "slow", mark } }));
    await run(page).click();
    await expect(result(page).getByText(/En curso, \d/)).toBeVisible();
    await page.getByRole("link", { name: "Panel" }).click();
    await expect(page.getByRole("heading", { name: "Panel" })).toBeVisible();
    await page.getByRole("link", { name: "Herramientas" }).click();
    await expect(result(page).getByText(/En curso, \d/)).toBeVisible();
    await page.getByRole("button", { name: "Cancelar" }).click();
    await expect(result(page).getByText("Cancelada", { exact: true })).toBeVisible();
    // The far side saw its caller go, and the record says how the call ended.
    const abandoned = async () => (await fetch(`${backendUrl}/abandoned?mark=${mark}`)).json();
    await expect.poll(abandoned).toBe(1);
    const recent = async () =>
      (await (await page.request.get("/api/mcp/invocations/recent")).json()).items[0]?.code;
    await expect.poll(recent).toBe("cancelled");
  });

  test("one tool's result never stands under another's name", async ({ page }) => {
    await page.goto(link("fastapi.get", { path: "/tenants", query: { kind: "slow", mark: "x" } }));
    await run(page).click();
    await expect(result(page).getByText(/En curso, \d/)).toBeVisible();
    await page
      .getByRole("navigation", { name: "Herramientas disponibles" })
      .getByRole("button", { name: /^list/ })
      .click();
    await expect(result(page).getByText("Todavía no hay resultado")).toBeVisible();
    await run(page).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "fastapi.get" })).toBeVisible();
    await expect(result(page).getByText(/En curso, \d/)).toBeVisible();
    await page.getByRole("button", { name: "Cancelar" }).click();
  });

  test("a megabyte is shown, searched and collapsed without a node for each value", async ({ page }) => {
    await page.goto(link("fastapi.get", { path: "/tenants", query: { kind: "large" } }));
    await run(page).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    await expect(result(page).getByRole("tree")).toBeVisible();
    expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(3_000);
    await result(page).getByRole("searchbox").fill("F-6999");
    await expect(result(page).getByText("1 de 1")).toBeVisible();
    await expect(result(page).locator("mark").first()).toHaveText("F-6999");
  });

  test("hostile strings are shown and do nothing, in results, arguments and history", async ({ page }) => {
    const ran: string[] = [];
    page.on("dialog", (dialog) => {
      ran.push(dialog.message());
      return dialog.dismiss();
    });
    await page.goto(link("fastapi.get", { path: "/tenants", query: { kind: "hostile" } }));
    await run(page).click();
    await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
    const before = page.url();
    for (const view of ["Vista", "Tabla", "JSON"]) {
      await result(page).getByRole("button", { name: view, exact: true }).click();
      await expect(result(page).getByText("<script>alert(1)</script>").first()).toBeVisible();
      expect(await result(page).locator("a, img, script, iframe").count()).toBe(0);
    }
    await writeJson(page, JSON.stringify({ path: hostileStrings[0], query: { a: hostileStrings.join("") } }));
    await run(page).click();
    await page
      .getByRole("button", { name: "Enviar de todos modos" })
      .or(result(page).getByText("invalid_input"))
      .first()
      .waitFor();
    await page.getByRole("tab", { name: "Formulario" }).click();
    expect(await page.locator("img, iframe, body script[src*=evil]").count()).toBe(0);
    expect(page.url()).toBe(before);
    expect(ran).toEqual([]);
  });

  test("the history is read while the backend is down, and says so", async ({ page }) => {
    await page.clock.install();
    await fetch(`${backendUrl}/ill`);
    try {
      await callTool(page, "tenants.list", {});
      await page.goto(`${consolePath}#tool=tenants.list`);
      // The page asks after the backend every 30 s.
      await page.clock.runFor(31_000);
      await expect(page.getByText(/El backend no responde/)).toBeVisible();
      await expect(page.getByRole("region", { name: "Historial" }).getByRole("listitem")).toHaveCount(1);
    } finally {
      await fetch(`${backendUrl}/well`);
    }
  });
});

test("another operator sees none of it", async ({ page, context, browser }) => {
  await newUser(context);
  await page.goto(consolePath);
  const tenant = await createTenant(page, "Solo de A");
  const otherContext = await browser.newContext();
  await newUser(otherContext);
  const other = await otherContext.newPage();
  await other.goto(consolePath);
  await expect(other.getByText("Aún no hay empresas")).toBeVisible();
  await expect(other.getByText("Aún no hay llamadas")).toBeVisible();
  expect(await other.content()).not.toContain(tenant.id);
  await otherContext.close();
});

test("who signs in in another tab finds nothing of the one before, in the tab of before either", async ({
  page,
  context,
}) => {
  const first = await newUser(context);
  await page.goto(`${consolePath}#tool=tenants.list`);
  const search = page.getByRole("textbox", { name: /^search/ });
  await search.fill("secreto de antes");
  await run(page).click();
  await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
  const second = await newUser(context);
  await page.getByRole("link", { name: "Empresas" }).click();
  await expect(page.getByRole("banner").getByText(second)).toBeVisible();
  await page.getByRole("link", { name: "Herramientas" }).click();
  await expect(search).toHaveValue("");
  await expect(result(page).getByText("Todavía no hay resultado")).toBeVisible();
  await expect(page.getByText("Aún no hay llamadas.", { exact: false })).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  expect(stored).not.toContain("secreto de antes");
  expect(stored).not.toContain(first);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("a call is cancelled where it is seen to run, and a link's arguments are shown", async ({
    page,
    context,
  }) => {
    await newUser(context);
    await page.route("**/api/mcp/tool", () => undefined);
    await page.goto(`${consolePath}#tool=tenants.list`);
    await run(page).click();
    await expect(
      result(page)
        .getByText(/En curso/)
        .first(),
    ).toBeVisible();
    await page.getByRole("button", { name: "Cancelar" }).click();
    await expect(result(page).getByText("Cancelada", { exact: true })).toBeVisible();
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      link("tenants.list", { search: "del enlace" }).split("#")[1] ?? "",
    );
    await expect(page.getByRole("textbox", { name: /^search/ })).toHaveValue("del enlace");
    await expect(page.getByRole("textbox", { name: /^search/ })).toBeVisible();
  });
});

test("names that hold what is not seen are shown with it wherever a tenant is named", async ({
  page,
  context,
}) => {
  await newUser(context);
  await page.goto(consolePath);
  const tenant = await createTenant(page, "Los\u200bAndes\u3164SpA");
  await page.reload();
  const shown = "Los⟨U+200B⟩Andes⟨U+3164⟩SpA";
  await expect(page.getByRole("button", { name: `Ver ${shown}` })).toBeVisible();
  await expect(page.getByRole("option", { name: shown })).toBeAttached();
  await page.goto("about:blank");
  await page.goto(link("tenants.delete", { id: tenant.id.toUpperCase() }));
  await run(page).click();
  await expect(page.getByRole("dialog")).toContainText(shown);
});

test("a viewer is offered nothing that changes, and a link to it says so", async ({ page, context }) => {
  await newUser(context, "viewer");
  await page.goto(`${consolePath}#tool=tenants.delete`);
  await expect(page.getByRole("alert").filter({ hasText: "tenants.delete" })).toBeVisible();
  await expect(page.getByRole("button", { name: /Crear una empresa/ })).toHaveCount(0);
});

test.describe("with the master switch off", () => {
  test.use({ baseURL: disabledUrl });

  test("the console says so and how it is switched on", async ({ page, context }) => {
    await newUser(context);
    await page.goto(consolePath);
    await expect(page.getByText("MCP_ENABLED=true")).toBeVisible();
    await expect(page.getByRole("button", { name: "Ejecutar" })).toHaveCount(0);
  });
});

test("a person without a mouse finds, fills, runs, reads and leaves", async ({ page, context }) => {
  await newUser(context);
  await page.goto(consolePath);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Atajos de teclado" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await expect(page.getByRole("textbox", { name: /Buscar sección/ })).toBeFocused();
  await page.keyboard.type("tenants.create");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "tenants.create" })).toBeVisible();
  const tabTo = async (name: RegExp, key = "Tab") => {
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press(key);
      const focused = page.locator(":focus");
      const label = await focused.evaluate(
        (element: HTMLElement & { labels?: NodeListOf<HTMLElement> }) =>
          element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "",
      );
      if (name.test(label)) return;
    }
    throw new Error(`${key} does not lead to ${name}.`);
  };
  await expect(page.getByRole("main")).toBeFocused();
  await page.getByRole("textbox", { name: /^rut/ }).waitFor();
  await tabTo(/^rut/);
  await page.keyboard.type(newRut());
  await tabTo(/^businessName/);
  await page.keyboard.type("Sin ratón SpA");
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(result(page).getByText("Correcta", { exact: true })).toBeVisible();
  await expect(page.getByText("tenants.create: correcta.")).toBeAttached();
  await tabTo(/^Ancho de parámetros/);
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("separator")).toHaveAttribute("aria-valuenow", "45");
  await page.getByRole("heading", { name: "tenants.create" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL("/dashboard");
});

test("single keys can be switched off", async ({ page, context }) => {
  await newUser(context);
  await page.goto(consolePath);
  await page.keyboard.press("?");
  await page.getByRole("switch").press("Space");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test.describe("in English", () => {
  test.use({ locale: "en-GB" });

  test("the browser's language is spoken until another is chosen", async ({ page, context }) => {
    await newUser(context);
    await page.goto(consolePath);
    await expect(page.getByRole("heading", { name: "Quick actions" })).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await page.getByRole("button", { name: "Preferences" }).click();
    await page.getByRole("combobox", { name: "Language" }).selectOption("es-CL");
    await expect(page.getByRole("heading", { name: "Acciones rápidas" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Acciones rápidas" })).toBeVisible();
  });
});

test("what is chosen of appearance stays", async ({ page, context }) => {
  await newUser(context);
  await page.goto(consolePath);
  await page.getByRole("button", { name: "Preferencias" }).click();
  await page.getByRole("combobox", { name: "Apariencia" }).selectOption("Oscura");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await expect.poll(ground).toBe("rgb(16, 19, 24)");
  await page.reload();
  expect(await ground()).toBe("rgb(16, 19, 24)");
});

test("the first visit loads at most 250 KB of JavaScript, gzipped", async ({ page, context }) => {
  await newUser(context);
  const scripts: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.endsWith(".js")) scripts.push(response.body());
  });
  await page.goto(consolePath);
  await expect(page.getByRole("button", { name: /Ver mis empresas/ })).toBeVisible();
  await page.waitForLoadState("networkidle");
  const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script, { level: 9 }).length);
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(250_000);
});
