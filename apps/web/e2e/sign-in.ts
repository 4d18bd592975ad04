import { expect, type Page } from "@playwright/test";

/** Signs in as a local user, as a person does. */
export async function signIn(page: Page, user: string) {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: new RegExp(`^${user} `) }).click();
  await expect(page).toHaveURL("/dashboard");
}
