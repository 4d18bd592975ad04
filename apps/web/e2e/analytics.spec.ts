import type { Page } from "@playwright/test";
import { lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { newUser } from "./user.ts";

const analytics = "/dashboard/analytics";
test.use({ timezoneId: "America/Santiago" });

const figure = (page: Page, name: string) =>
  page
    .locator("dl > div")
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator("strong");

async function call(page: Page, name: string, args: unknown) {
  await page.request.post("/api/mcp/tool", { data: { name, args } });
}

/** Four calls, one of which fails; reads are stored a moment after they are answered. */
async function fourCalls(page: Page, path: string) {
  for (let times = 0; times < 3; times++) await call(page, "tenants.list", { limit: 1 });
  await call(page, "tenants.get", { id: "00000000-0000-4000-8000-000000000000" });
  await expect(async () => {
    await page.goto(path);
    await expect(figure(page, "Llamadas")).toHaveText("4", { timeout: 500 });
  }).toPass();
}

test("one's own calls are counted, by tool and over time, and lead to the calls themselves", async ({
  page,
  context,
}) => {
  await newUser(context);
  await page.goto(analytics);
  await expect(page.getByText("Nadie llamó a una herramienta en este período.")).toBeVisible();
  await fourCalls(page, analytics);
  await expect(figure(page, "Tasa de error")).toHaveText("25%");
  const row = page
    .getByRole("region", { name: "Por herramienta" })
    .getByRole("row", { name: /tenants\.list/ });
  await expect(row.getByRole("cell").first()).toHaveText("3");
  await expect(page.getByRole("region", { name: "Por usuario" })).toHaveCount(0);

  const chart = page.getByRole("region", { name: "Llamadas en el tiempo" });
  await chart.getByText("Ver como tabla").click();
  await expect(chart.getByRole("table").getByRole("cell", { name: "4", exact: true })).toHaveCount(1);
  await expect(chart.getByRole("table").getByRole("row")).toHaveCount(26);
  // The four calls are in the running hour, which is drawn as a part.
  await expect(chart.locator('path[data-partial="true"]')).toHaveAttribute("d", /^M241 100h8V\d/);

  await page.getByRole("link", { name: "1 hora" }).click();
  await expect(page).toHaveURL(`${analytics}?range=1h`);
  await expect(figure(page, "Llamadas")).toHaveText("4");
  await figure(page, "Tasa de error").click();
  await expect(page).toHaveURL(/\/dashboard\/audit\?.*status=error/);
  await expect(page.getByRole("list", { name: "Auditoría" }).getByRole("listitem")).toHaveCount(1);
});

test("an auditor sees everybody's, of one user if asked, and who that is to whom", async ({
  page,
  context,
}) => {
  const user = await newUser(context);
  await fourCalls(page, analytics);
  await newUser(context, "auditor");
  await page.goto(`${analytics}?range=1h&user=${user}`);
  await expect(figure(page, "Llamadas")).toHaveText("4");
  await page.goto(`${analytics}?range=1h`);
  await expect(page.getByRole("region", { name: "Por usuario" }).getByRole("row")).not.toHaveCount(0);
  // Whoever may not audit gets their own, whatever the address says.
  await newUser(context);
  await page.goto(`${analytics}?range=1h&user=${user}`);
  await expect(page.getByText("Nadie llamó a una herramienta en este período.")).toBeVisible();
});

test("an address that makes no sense names what it is", async ({ page, context }) => {
  await newUser(context);
  for (const [query, name] of [
    ["range=2h", "range"],
    ["from=yesterday", "from"],
    ["tenant=1", "tenant"],
  ]) {
    await page.goto(`${analytics}?${query}`);
    await expect(page.getByRole("main").getByRole("alert")).toContainText(
      `El valor de ${name} no tiene sentido`,
    );
  }
  await page.getByRole("link", { name: "Ver las últimas 24 horas" }).click();
  await expect(page).toHaveURL(analytics);
});

test("it is written anew by itself only when asked, and not while nobody looks", async ({
  page,
  context,
}) => {
  await page.clock.install();
  await newUser(context);
  await page.goto(analytics);
  let written = 0;
  page.on("request", (request) => {
    if (request.url().includes(`${analytics}?_rsc`)) written += 1;
  });
  await page.clock.runFor(65_000);
  expect(written).toBe(0);
  await page.getByRole("checkbox", { name: "Actualizar cada 30 s" }).check();
  await page.clock.runFor(31_000);
  await expect.poll(() => written).toBe(1);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });
  test("figures, charts and their tables are there", async ({ page, context }) => {
    await newUser(context);
    await fourCalls(page, `${analytics}?range=24h`);
    await expect(page.getByRole("img", { name: "Tiempo de respuesta", exact: true })).toBeVisible();
    const chart = page.getByRole("region", { name: "Tasa de error en el tiempo" });
    await chart.getByText("Ver como tabla").click();
    await expect(chart.getByRole("cell", { name: "25%" })).toBeVisible();
  });
});

test("it is accessible and does not scroll sideways", { tag: "@looks" }, async ({ page, context }) => {
  test.slow();
  await newUser(context);
  await fourCalls(page, analytics);
  await newUser(context, "auditor");
  await lookAt(page, 0, async () => {
    await page.reload();
    await page.getByRole("region", { name: "Por usuario" }).waitFor();
    for (const table of await page.getByText("Ver como tabla").all()) await table.click();
  });
});

test.describe("in English", () => {
  test.use({ locale: "en-GB" });
  test("it is reached by two keys", async ({ page, context }) => {
    await newUser(context);
    await page.goto("/dashboard");
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await expect(page).toHaveURL(analytics);
    await expect(page.getByText("Nobody called a tool in this period.")).toBeVisible();
  });
});
