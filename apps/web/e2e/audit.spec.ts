import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { randomRut } from "@smarteros/tools-tenants/testing";
import { lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { newUser } from "./user.ts";

const audit = "/dashboard/audit";
const rows = (page: Page) => page.getByRole("list", { name: "Auditoría" }).getByRole("listitem");
test.use({ timezoneId: "America/Santiago" });

async function call(page: Page, name: string, args: unknown) {
  const answer = await page.request.post("/api/mcp/tool", { data: { name, args } });
  return await answer.json();
}

/** Three calls: one that worked, one that did not, one whose arguments held a secret. */
async function threeCalls(page: Page) {
  await call(page, "tenants.create", { rut: randomRut(), businessName: "Los Andes SpA" });
  await call(page, "tenants.get", { id: "00000000-0000-4000-8000-000000000000" });
  await call(page, "tenants.list", { password: "hunter2" });
  await expect(async () => {
    await page.goto(audit);
    await expect(rows(page)).toHaveCount(3, { timeout: 500 });
  }).toPass();
}

test("calls are found by what came of them, opened, and opened again in the console", async ({
  page,
  context,
}) => {
  await newUser(context);
  await threeCalls(page);
  await expect(rows(page).first()).toContainText("tenants.list");
  await expect(rows(page).first()).toContainText("Redactado");
  await page.getByRole("combobox", { name: "Estado" }).selectOption("not_found");
  await page.getByRole("button", { name: "Buscar" }).click();
  await expect(page).toHaveURL(/status=not_found/);
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByText("tenants.get").click();
  await expect(rows(page)).toContainText('"id": "00000000-0000-4000-8000-000000000000"');
  await rows(page).getByRole("link", { name: "Abrir en Herramientas" }).click();
  await expect(page).toHaveURL(/\/dashboard\/mcp#/);
  await expect(page.getByRole("textbox", { name: /^id/ })).toHaveValue(
    "00000000-0000-4000-8000-000000000000",
  );
});

test("what was found is downloaded, without what was hidden", async ({ page, context }) => {
  await newUser(context);
  await threeCalls(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "NDJSON" }).click(),
  ]);
  const text = readFileSync(await download.path(), "utf8");
  expect(text.trim().split("\n")).toHaveLength(3);
  expect(text).toContain("[redacted]");
  expect(text).not.toContain("hunter2");
});

test("an auditor finds others' calls by user, and pages through them", async ({ page, context }) => {
  const user = await newUser(context);
  for (let times = 0; times < 27; times++) await call(page, "tenants.list", { limit: 1 });
  await newUser(context, "auditor");
  // Reads are stored a moment after they are answered.
  await expect(async () => {
    await page.goto(`${audit}?user=${user}`);
    await expect(page.getByRole("textbox", { name: "Usuario" })).toHaveValue(user);
    await expect(rows(page)).toHaveCount(25, { timeout: 500 });
    await page.getByRole("link", { name: "Página siguiente" }).click({ timeout: 500 });
    await expect(rows(page)).toHaveCount(2, { timeout: 1000 });
  }).toPass();
  await page.getByRole("link", { name: "Primera página" }).click();
  await expect(rows(page)).toHaveCount(25);
});

test("a time is taken as the clock on the wall shows it, and the address keeps it", async ({
  page,
  context,
}) => {
  await newUser(context);
  await threeCalls(page);
  await page.getByLabel("Desde").fill("2026-01-01T10:00:00");
  await page.getByLabel("Hasta").fill("2026-01-01T11:00:00");
  await page.getByRole("button", { name: "Buscar" }).click();
  await expect(page.getByText("Ninguna llamada registrada coincide.")).toBeVisible();
  await expect(page.getByLabel("Desde")).toHaveValue("2026-01-01T10:00");
  await page.getByRole("link", { name: "Quitar filtros" }).click();
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByLabel("Desde")).toHaveValue("");
});

test("it is reached, searched and opened by keyboard alone", async ({ page, context }) => {
  await newUser(context);
  await threeCalls(page);
  await page.goto("/dashboard");
  await page.getByRole("link", { name: "Auditoría" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(audit);
  await page.getByRole("combobox", { name: "Herramienta" }).focus();
  await page.keyboard.type("tenants.create");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toHaveCount(1);
  const summary = rows(page).locator("summary");
  await summary.focus();
  await page.keyboard.press("Enter");
  await expect(rows(page)).toContainText('"businessName": "Los Andes SpA"');
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("it can be read, opened and searched", async ({ page, context }) => {
    await newUser(context);
    await threeCalls(page);
    await page.getByRole("combobox", { name: "Herramienta" }).fill("tenants.create");
    await page.getByRole("button", { name: "Buscar" }).click();
    await expect(rows(page)).toHaveCount(1);
    await rows(page).locator("summary").click();
    await expect(page.getByText('"businessName": "Los Andes SpA"')).toBeVisible();
  });
});

for (const [subject, role] of ["operator", "auditor"].entries()) {
  test(`it is accessible to an ${role} and does not scroll sideways`, { tag: "@looks" }, async ({
    page,
    context,
  }) => {
    await newUser(context);
    await threeCalls(page);
    if (role === "auditor") await newUser(context, role);
    await lookAt(page, subject, async () => {
      await page.goto(audit);
      await rows(page).locator("summary").first().click();
    });
  });
}
