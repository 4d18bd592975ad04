import { readFileSync } from "node:fs";
import path from "node:path";
import { importJWK, SignJWT } from "jose";
import { expect, test } from "./quiet.ts";

test.beforeEach(async ({ context, baseURL }) => {
  const { signingKey } = JSON.parse(
    readFileSync(path.join(process.env.SMARTEROS_DATA_DIR ?? "", "secrets.json"), "utf8"),
  );
  const token = await new SignJWT({ azp: baseURL, sid: "sess_1", metadata: { role: "root" } })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: signingKey.kid })
    .setIssuer(`http://127.0.0.1:${process.env.SUPABASE_PORT}/identity`)
    .setSubject("user_of_an_unknown_role")
    .setIssuedAt()
    .setExpirationTime("5 minutes")
    .sign(await importJWK(signingKey, "RS256"));
  await context.addCookies([{ name: "__session", value: token, url: baseURL ?? "" }]);
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
