import { expect, test } from "./quiet.ts";
import { newUser } from "./user.ts";

test.beforeEach(async ({ context }) => {
  await newUser(context, "root");
});

for (const address of ["/", "/sign-in", "/dashboard"]) {
  test(`a user of an unknown role is told so at ${address}, and can leave`, async ({ page }) => {
    await page.goto(address);
    await expect(page).toHaveURL("/no-access");
    await expect(page.getByRole("alert").filter({ hasText: "rol" })).toBeVisible();
    await expect(page.getByText("tenants.list")).toHaveCount(0);
    await page.getByRole("button", { name: "Salir" }).click();
    await expect(page).toHaveURL("/");
    await expect(page.getByRole("link", { name: "Entrar" })).toBeVisible();
  });
}
