import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./quiet.ts";
import { signIn } from "./sign-in.ts";

const pages = ["/", "/sign-in", "/dashboard", "/no-access", "/no-such-page"];

// The browser itself reports the status of the page that is not there.
test.use({ tolerated: /status of 404/ });

for (const path of pages) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${path} is accessible, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      if (path === "/dashboard") await signIn(page, "admin");
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });
  }

  test(`${path} does not scroll sideways on a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    if (path === "/dashboard") await signIn(page, "operator-a");
    await page.goto(path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
}
