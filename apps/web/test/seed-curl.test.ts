import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { describe, expect, inject, test } from "vitest";
import { tokenOf } from "./tokens.ts";

// The examples of the product's own specification, run by cURL as a person would paste them.

const { local, clerk } = inject("web");
const run = promisify(execFile);
const rightDigit = /12\.?345\.?678-5/;

async function curl(url: string, header: string, data: string) {
  const words = ["-sS", "-X", "POST", `${url}/api/mcp/tool`, "-H", "Content-Type: application/json"];
  const { stdout } = await run("curl", [...words, "-H", header, "-d", data, "-w", "\n%{http_code}"]);
  const [text = "", status] = stdout.split("\n");
  return { status: Number(status), text, body: JSON.parse(text) };
}

describe.each([
  ["Bearer", local, (token: string) => `Authorization: Bearer ${token}`],
  ["a cookie", local, (token: string) => `Cookie: __session=${token}`],
  ["Clerk's Bearer", clerk, (token: string) => `Authorization: Bearer ${token}`],
  ["Clerk's cookie", clerk, (token: string) => `Cookie: __session=${token}`],
] as const)("by cURL with %s", (_how, web, header) => {
  test("the tenants are listed", async () => {
    const { status, body } = await curl(web.url, header(await tokenOf(web)), '{"name":"tenants.list"}');
    expect([status, body.ok, body.result]).toEqual([200, true, { tenants: [] }]);
  });

  test("a tenant is created and then listed", async () => {
    const credential = header(await tokenOf(web));
    const rut = newRut();
    const create = JSON.stringify({ name: "tenants.create", args: { rut, businessName: "Demo Corp" } });
    const { status, body } = await curl(web.url, credential, create);
    expect([status, body.result?.tenant]).toMatchObject([
      200,
      { rut, business_name: "Demo Corp", active: true },
    ]);
    const list = await curl(web.url, credential, '{"name":"tenants.list"}');
    expect(list.body.result.tenants).toMatchObject([{ rut, business_name: "Demo Corp" }]);
  });

  test("a wrong check digit is refused, and nobody is told the right one", async () => {
    const data = '{"name":"tenants.create","args":{"rut":"12.345.678-9","businessName":"Demo Corp"}}';
    const { status, text, body } = await curl(web.url, header(await tokenOf(web)), data);
    expect([status, body.error]).toEqual([400, "invalid_input"]);
    expect(body.issues).toEqual([
      { path: "rut", message: expect.stringMatching(/check digit does not match.*ask/i) },
    ]);
    expect(text).not.toMatch(rightDigit);
  });
});

test.each(["12.345.678-K", "12345678-0", "123456789", "12.345.678-"])("neither for %s", async (rut) => {
  const data = JSON.stringify({ name: "tenants.create", args: { rut, businessName: "Demo Corp" } });
  const { status, text } = await curl(local.url, `Authorization: Bearer ${await tokenOf(local)}`, data);
  expect([rut, status]).toEqual([rut, 400]);
  expect(text.replace(/Write it like 12\.345\.678-5/g, "")).not.toMatch(rightDigit);
});
