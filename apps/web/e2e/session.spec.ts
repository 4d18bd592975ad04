import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { expect, test } from "./quiet.ts";
import { signIn } from "./sign-in.ts";

test("a person comes in by the front page, works, and leaves", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Entrar" }).click();
  await page.getByRole("button", { name: "operator-a" }).click();
  await expect(page).toHaveURL("/dashboard");
  await expect(page.getByRole("banner")).toContainText("user_operator_a");
  const { availableTools } = await (await page.request.get("/api/mcp")).json();
  const names = availableTools.map(({ name }: { name: string }) => name);
  expect(names).toContain("tenants.create");
  await expect(page.getByRole("term")).toHaveText(names.toSorted());

  const rut = newRut();
  const created = await page.request.post("/api/mcp/tool", {
    data: { name: "tenants.create", args: { rut, businessName: "Viña del Mar Ltda." } },
  });
  expect(created.status()).toBe(200);
  const { items } = await (await page.request.get("/api/mcp/invocations/recent")).json();
  expect(items).toContainEqual(
    expect.objectContaining({
      tool: "tenants.create",
      success: true,
      args: { rut, businessName: "Viña del Mar Ltda." },
    }),
  );

  await page.getByRole("button", { name: "Salir" }).click();
  await expect(page).toHaveURL("/");
  await page.goto("/dashboard");
  await expect(page).toHaveURL("/sign-in");
  expect((await page.request.get("/api/mcp/invocations/recent")).status()).toBe(401);
});

test("the page itself may call by its cookie, and reads no token", async ({ page }) => {
  await signIn(page, "operator-a");
  const seen = await page.evaluate(async () => {
    const answer = await fetch("/api/mcp/tool", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"name":"tenants.list"}',
    });
    return { status: answer.status, cookies: document.cookie };
  });
  expect(seen).toEqual({ status: 200, cookies: "" });
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "__session", httpOnly: true, sameSite: "Lax", path: "/" });
});

test("who is signed in is not asked again", async ({ page }) => {
  await signIn(page, "auditor");
  await page.goto("/sign-in");
  await expect(page).toHaveURL("/dashboard");
  await page.goto("/");
  await page.getByRole("link", { name: "Ir al panel" }).click();
  await expect(page).toHaveURL("/dashboard");
});

test("a viewer is shown only what looks", async ({ page }) => {
  await signIn(page, "viewer");
  await expect(page.getByRole("term")).toHaveText([
    "analytics.summary",
    "health.timeline",
    "services.status",
    "tenants.get",
    "tenants.list",
  ]);
  await expect(page.getByRole("banner")).toContainText("Lectura");
});

test("another operator sees nothing of it", async ({ page, browser }) => {
  await signIn(page, "operator-a");
  const rut = newRut();
  const data = { name: "tenants.create", args: { rut, businessName: "Solo de A" } };
  const { result } = await (await page.request.post("/api/mcp/tool", { data })).json();

  const other = await browser.newPage();
  await signIn(other, "operator-b");
  const recent = await (await other.request.get("/api/mcp/invocations/recent")).text();
  expect(recent).not.toContain(rut);
  const ask = async (name: string, args: object) =>
    (await other.request.post("/api/mcp/tool", { data: { name, args } })).json();
  expect((await ask("tenants.list", { search: rut })).result).toEqual({ tenants: [] });
  expect(await ask("tenants.get", { id: result.tenant.id })).toMatchObject({ ok: false, error: "not_found" });
  await other.close();
});

test("a person without a mouse gets in", async ({ page }) => {
  await page.goto("/");
  const tabTo = async (name: string) => {
    for (let step = 0; step < 10; step++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      if ((await focused.textContent())?.includes(name)) {
        // A ring that can be seen is the only thing that says where one is.
        expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
        return page.keyboard.press("Enter");
      }
    }
    throw new Error(`Tab does not lead to ${name}.`);
  };
  await tabTo("Entrar");
  await expect(page).toHaveURL("/sign-in");
  await tabTo("operator-b");
  await expect(page).toHaveURL("/dashboard");
  await tabTo("Salir");
  await expect(page).toHaveURL("/");
});
