import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { lookAt } from "./looks.ts";
import { expect, test } from "./quiet.ts";
import { newUser } from "./user.ts";

const alerts = "/dashboard/alerts";
const region = (page: Page, name: string) => page.getByRole("region", { name });

/** A receiver of our own, as Slack's would be. */
async function receiver() {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hunter2`,
    bodies,
    close: () => server.close(),
  };
}

async function addSlack(page: Page, name: string, url: string) {
  const editor = region(page, "Nuevo destino");
  await editor.getByText("Slack", { exact: true }).click();
  await editor.getByLabel("Nombre").first().fill(name);
  await editor.getByLabel("URL", { exact: true }).first().fill(url);
  await editor.getByRole("button", { name: "Agregar destino" }).first().click();
}

test("an administrator adds a target, tries it, and sees that it was told", async ({ page, context }) => {
  const slack = await receiver();
  const name = `Guardia ${randomUUID()}`;
  await newUser(context, "admin");
  await page.goto("/dashboard");
  await page.getByRole("link", { name: "Alertas" }).click();
  await addSlack(page, name, slack.url);
  await expect(page.getByRole("status")).toContainText("Destino agregado");
  expect(await page.content()).not.toContain("hunter2");
  expect(page.url()).not.toContain("hunter2");
  await region(page, "Destinos")
    .getByRole("button", { name: `Probar ${name}` })
    .click();
  await expect(page.getByRole("status")).toContainText("Prueba en camino");
  await expect.poll(() => slack.bodies.join(), { timeout: 20_000 }).toContain("this target is reached");
  await expect(async () => {
    await page.reload();
    const line = region(page, "Envíos")
      .getByRole("listitem")
      .filter({ hasText: name })
      .filter({ hasText: "Prueba" });
    await expect(line).toContainText("Entregado", { timeout: 500 });
  }).toPass();

  await region(page, "Destinos").getByText(`Quitar… ${name}`).click();
  await region(page, "Destinos")
    .getByRole("button", { name: `Quitar de todos modos ${name}` })
    .click();
  await expect(page.getByRole("status")).toContainText("Destino quitado");
  await expect(region(page, "Destinos").getByText(name)).toHaveCount(0);
  slack.close();
});

test("a rule is made, refused by its field, put right, muted and deleted", async ({ page, context }) => {
  const id = `r-${randomUUID()}`;
  await newUser(context, "admin");
  await page.goto(alerts);
  await region(page, "Regla").getByRole("link", { name: "Tasa de errores" }).click();
  const form = region(page, "Regla");
  await form.getByLabel("Identificador").fill(id);
  await form.getByLabel("Nombre").fill("Crear falla");
  await form.getByLabel("Herramienta").fill("tenants.create");
  // As a program would send it, whose form checks nothing.
  await form.getByLabel(/^Objetivo/).evaluate((input) => {
    input.removeAttribute("min");
  });
  await form.getByLabel(/^Objetivo/).fill("0.5");
  await form.getByRole("button", { name: "Guardar regla" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Objetivo" })).toBeVisible();
  await expect(form.getByLabel("Identificador")).toHaveValue(id);
  await form.getByLabel(/^Objetivo/).fill("0.999");
  await form.getByRole("button", { name: "Guardar regla" }).click();
  await expect(page.getByRole("status")).toContainText("Regla guardada");

  const line = region(page, "Reglas").getByRole("listitem").filter({ hasText: id });
  await expect(line).toContainText("de la consola");
  await line.getByRole("button", { name: "Silenciar" }).click();
  await expect(line).toContainText("Silenciada hasta");
  await line.getByRole("button", { name: "Dejar de silenciar" }).click();
  await expect(line).not.toContainText("Silenciada hasta");
  await line.getByRole("link", { name: "Editar" }).click();
  await expect(form.getByLabel(/^Objetivo/)).toHaveValue("0.999");
  await line.getByText("Eliminar…").click();
  await line.getByRole("button", { name: "Eliminar de todos modos" }).click();
  await expect(page.getByRole("status")).toContainText("Regla eliminada");
  await expect(line).toHaveCount(0);
});

test("an operator finds no entry and is refused by the endpoint, an auditor reads and changes nothing", async ({
  page,
  context,
}) => {
  const form = { action: "delete-rule", id: "services" };
  await newUser(context);
  await page.goto("/dashboard");
  await expect(page.getByRole("link", { name: "Auditoría" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Alertas" })).toHaveCount(0);
  await page.goto(alerts);
  await expect(page.getByText("Las alertas las ve quien audita o administra.")).toBeVisible();
  await expect(region(page, "Reglas")).toHaveCount(0);
  expect((await page.request.post("/api/alerts", { form })).status()).toBe(403);

  await newUser(context, "auditor");
  await page.goto(alerts);
  await expect(region(page, "Reglas").getByRole("listitem").first()).toBeVisible();
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  expect((await page.request.post("/api/alerts", { form })).status()).toBe(403);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("targets are added and removed, and what was refused comes back without its secret", async ({
    page,
    context,
  }) => {
    await newUser(context, "admin");
    await page.goto(alerts);
    const name = `Correo ${randomUUID()}`;
    await addSlack(page, name, "https://nobody.invalid/hunter2");
    await expect(page.getByRole("alert").filter({ hasText: "internet" })).toBeVisible();
    expect(page.url()).not.toContain("hunter2");
    await expect(region(page, "Nuevo destino").getByLabel("Nombre").first()).toHaveValue(name);
    await region(page, "Nuevo destino")
      .getByLabel("URL", { exact: true })
      .first()
      .fill("http://127.0.0.1:9/hunter2");
    await region(page, "Nuevo destino").getByRole("button", { name: "Agregar destino" }).first().click();
    await region(page, "Destinos").getByText(`Quitar… ${name}`).click();
    await region(page, "Destinos")
      .getByRole("button", { name: `Quitar de todos modos ${name}` })
      .click();
    await expect(region(page, "Destinos").getByText(name)).toHaveCount(0);
  });
});

for (const [subject, role] of ["auditor", "admin"].entries()) {
  test(`it is accessible to an ${role} and does not scroll sideways`, { tag: "@looks" }, async ({
    page,
    context,
  }) => {
    await newUser(context, role);
    await lookAt(page, subject, async () => {
      await page.goto(role === "admin" ? `${alerts}?new=latency` : alerts);
      if (role === "admin") await region(page, "Nuevo destino").getByText("Webhook firmado").click();
    });
  });
}
