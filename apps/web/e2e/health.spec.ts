import type { Page } from "@playwright/test";
import { healthRows } from "./health-rows.ts";
import { expectNoSidewaysScroll, lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { newUser } from "./user.ts";

const health = "/dashboard/health";
const card = (page: Page, service: string) => page.getByRole("region", { name: service, exact: true });
const bars = (page: Page, service: string) =>
  page.getByRole("list", { name: `${service}, barra por barra` }).getByRole("button");
const windows = (page: Page) => page.getByRole("list", { name: "Ventanas de mantención" });
test.use({ timezoneId: "America/Santiago" });

let shop: string;
test.beforeAll(async () => {
  shop = await healthRows("shop");
});

test("each service has a bar a day, its uptime, its latencies and its incidents", async ({
  page,
  context,
}) => {
  await newUser(context, "viewer");
  await page.goto(health);
  await expect(bars(page, shop)).toHaveCount(90);
  // 3 of 166 failed.
  await expect(card(page, shop)).toContainText("Disponibilidad98,19");
  await expect(card(page, shop)).toContainText("Operativo");
  await expect(card(page, shop)).toContainText(/p95\s*1\d\d ms/);
  const incident = page
    .getByRole("list", { name: "Incidentes" })
    .getByRole("listitem")
    .filter({ hasText: shop });
  await expect(incident).toContainText("timeout");
  await expect(incident).toContainText("3 fallos");
  // What the monitor itself sees here: the sandboxes are vendors to it.
  await expect(card(page, "odoo.credential")).toContainText("Operativo");
  await expect(page.getByText("Crear ventana")).toHaveCount(0);
});

test("it is reached by keyboard, and the arrow keys walk over the bars and read each", async ({
  page,
  context,
}) => {
  await newUser(context);
  await page.goto("/dashboard");
  await page.getByRole("link", { name: "Salud" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(health);
  await bars(page, shop).last().focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(bars(page, shop).nth(87)).toBeFocused();
  await expect(card(page, shop)).toContainText(/: Caído, disponibilidad 57,14\s?%, 7 muestras/);
  await page.keyboard.press("Home");
  await expect(bars(page, shop).first()).toBeFocused();
  await expect(card(page, shop)).toContainText(": sin datos");
  // One stop for all bars: the next is the table behind them.
  await page.keyboard.press("Tab");
  await expect(card(page, shop).locator("summary")).toBeFocused();
});

test("the range stands in the address", async ({ page, context }) => {
  await newUser(context);
  await page.goto(health);
  await page.getByRole("link", { name: "30 días" }).click();
  await expect(page).toHaveURL(/range=30d/);
  await expect(bars(page, shop)).toHaveCount(30);
  await page.getByRole("link", { name: "24 h" }).click();
  await expect(bars(page, shop)).toHaveCount(24);
  await expect(page.getByRole("link", { name: "24 h" })).toHaveAttribute("aria-current", "page");
});

test("an administrator announces maintenance and ends it, and is told what makes no sense", async ({
  page,
  context,
}) => {
  const service = await healthRows("kept");
  await newUser(context, "admin");
  await page.goto(`${health}?range=30d`);
  const form = page.getByRole("form", { name: "Nueva ventana de mantención" });
  const from = await form.getByLabel("Desde").inputValue();
  await form.getByLabel("Servicio").selectOption(service);
  await form.getByLabel("Hasta").fill(from);
  await form.getByLabel("Motivo").fill("Cambio de servidor");
  await form.getByRole("button").click();
  await expect(page.getByText("el fin debe ser posterior al inicio")).toBeVisible();
  await expect(page).toHaveURL(/range=30d/);
  await form.getByLabel("Servicio").selectOption(service);
  await form.getByLabel("Motivo").fill("Cambio de servidor");
  await form.getByRole("button").click();
  await expect(page).toHaveURL(/range=30d$/);
  await expect(card(page, service)).toContainText("Mantención");
  const made = windows(page).getByRole("listitem").filter({ hasText: service });
  await expect(made).toContainText("Cambio de servidor");
  await made.getByRole("button", { name: "Terminar ahora" }).click();
  await expect(card(page, service).locator("[data-kind=ok]")).toHaveText("Operativo");
  await expect(made.getByRole("button")).toHaveCount(0);
});

test.describe("over HTTP", () => {
  const window = {
    action: "create",
    from: "2099-01-01T00:00:00Z",
    to: "2099-01-01T01:00:00Z",
    reason: "mine",
  };

  for (const role of ["viewer", "operator", "auditor"]) {
    test(`a ${role} makes no window and ends none`, async ({ page, context }) => {
      await newUser(context, role);
      const create = await page.request.post("/api/health/windows", { form: window });
      expect([create.status(), await create.json()]).toMatchObject([
        403,
        { error: "forbidden", required: "admin" },
      ]);
      const end = await page.request.post("/api/health/windows", {
        form: { action: "end", id: "00000000-0000-4000-8000-000000000000" },
      });
      expect(end.status()).toBe(403);
      await page.goto(health);
      await expect(page.getByText("mine", { exact: true })).toHaveCount(0);
    });
  }

  test("nobody, and no other site, makes one", async ({ page, context, playwright, baseURL }) => {
    const anonymous = await playwright.request.newContext({ baseURL: baseURL ?? "" });
    expect((await anonymous.post("/api/health/windows", { form: window })).status()).toBe(401);
    await anonymous.dispose();
    await newUser(context, "admin");
    const headers = { Origin: "https://evil.example" };
    const foreign = await page.request.post("/api/health/windows", { form: window, headers });
    expect(foreign.status()).toBe(403);
    const json = await page.request.post("/api/health/windows", { data: window });
    expect(json.status()).toBe(415);
    expect((await page.request.get("/api/health/windows")).status()).toBe(405);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("it can be read bar by bar, and maintenance announced", async ({ page, context }) => {
    await newUser(context, "admin");
    await page.goto(health);
    await card(page, shop).locator("summary").click();
    const row = card(page, shop).getByRole("row").filter({ hasText: "Caído" });
    await expect(row).toContainText("57,14");
    const form = page.getByRole("form", { name: "Nueva ventana de mantención" });
    const reason = `Sin script ${shop}`;
    await form.getByLabel("Servicio").selectOption(shop);
    await form.getByLabel("Motivo").fill(reason);
    await form.getByRole("button").click();
    const made = windows(page).getByRole("listitem").filter({ hasText: reason });
    await expect(made).toBeVisible();
    await made.getByRole("button").click();
    await expect(made.getByRole("button")).toHaveCount(0);
  });
});

test("it reads in English too", async ({ page, context, baseURL }) => {
  await newUser(context);
  await context.addCookies([{ name: "smarteros_locale", value: "en", url: baseURL ?? "" }]);
  await page.goto(health);
  await expect(page.getByRole("heading", { name: "Health", level: 1 })).toBeVisible();
  await expect(page.getByText("Each bar is one day (UTC).")).toBeVisible();
});

test("it is accessible and does not scroll sideways", { tag: "@looks" }, async ({ page, context }) => {
  // Every bar and cell is an element, and axe looks at each: at the shortest range.
  test.slow();
  await newUser(context, "admin");
  const open = async (address: string) => {
    await page.goto(address);
    await card(page, shop).locator("summary").click();
  };
  await lookAt(page, 0, () => open(`${health}?range=24h`));
  await open(health);
  await expectNoSidewaysScroll(page);
});
