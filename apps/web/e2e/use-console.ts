import { existsSync } from "node:fs";
import { chromium, expect, type Page } from "@playwright/test";

const debian = "/usr/bin/chromium";
type Steps = "page" | "quickAction" | "status" | "json" | "copy";

/**
 * Signs a local user in, runs a quick action and a call with JSON arguments in the console, and copies the result.
 * Resolves to what failed of each step, which is undefined where nothing did; a step after a failed one fails as well.
 */
export async function useConsole(url: string, user: string): Promise<Record<Steps, Error | undefined>> {
  const browser = await chromium.launch(existsSync(debian) ? { executablePath: debian } : {});
  const found: Partial<Record<Steps, Error>> = {};
  try {
    const context = await browser.newContext({ baseURL: url, locale: "es-CL" });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const page = await context.newPage();
    for (const [name, step] of steps(page, user)) {
      await step().catch((error: Error) => {
        found[name] = error;
      });
    }
  } finally {
    await browser.close();
  }
  const { page, quickAction, status, json, copy } = found;
  return { page, quickAction, status, json, copy };
}

function steps(page: Page, user: string): [Steps, () => Promise<void>][] {
  const result = page.getByRole("region", { name: "Resultado" });
  const timeout = { timeout: 20_000 };
  return [
    [
      "page",
      async () => {
        await page.goto("/sign-in");
        await page.getByRole("button", { name: new RegExp(`^${user} `) }).click();
        await expect(page).toHaveURL("/dashboard", timeout);
        await page.goto("/dashboard/mcp");
        await expect(page.getByRole("navigation", { name: "Herramientas disponibles" })).toBeVisible(timeout);
      },
    ],
    ["quickAction", () => page.getByRole("button", { name: /Ver mis empresas/ }).click(timeout)],
    [
      "status",
      async () => {
        await expect(result.getByText("Correcta", { exact: true })).toBeVisible(timeout);
        await expect(result.getByText(/\d ms/)).toBeVisible(timeout);
      },
    ],
    [
      "json",
      async () => {
        await page.goto("/dashboard/mcp#tool=tenants.list");
        await page.reload();
        await page.getByRole("tab", { name: "JSON" }).first().click(timeout);
        await page.getByRole("textbox", { name: /JSON/ }).click();
        await page.keyboard.press("ControlOrMeta+a");
        await page.keyboard.insertText('{"limit": 1}');
        await page.keyboard.press("ControlOrMeta+Enter");
        await expect(result.getByText("tenants").first()).toBeVisible(timeout);
      },
    ],
    [
      "copy",
      async () => {
        await result.getByRole("button", { name: "Copiar", exact: true }).click(timeout);
        await page.getByRole("button", { name: "Copiar resultado" }).click(timeout);
        await expect
          .poll(() => page.evaluate(() => navigator.clipboard.readText()), timeout)
          .toContain('"tenants"');
      },
    ],
  ];
}
