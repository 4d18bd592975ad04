import { tenantTools } from "@smarteros/tools-tenants";
import { checkArguments } from "@smarteros/ui/json-form/check-arguments.ts";
import { expect, it } from "vitest";
import * as z from "zod";
import { textChecks } from "./rut-check.ts";

const create = tenantTools.find(({ name }) => name === "tenants.create")?.input ?? z.never();
const schema = { ...z.toJSONSchema(create, { io: "input" }) };
const problemsOf = (rut: string) => checkArguments(schema, { rut, businessName: "Andes" }, textChecks);

it.each([
  ["12.345.678-5", undefined],
  ["1.000.005-K", undefined],
  ["12.345.678-9", "rutDigit"],
  ["1-9", "rutForm"],
  ["123.456-0", "rutRange"],
])("the RUT %s has the problem %s", (rut, code) => {
  const problem = { path: "rut", at: ["rut"], code: "custom", params: { custom: code } };
  expect(problemsOf(rut)).toEqual(code ? [problem] : []);
});

it("a wrong check digit is reported without the right one", () => {
  expect(JSON.stringify(problemsOf("12.345.678-9"))).not.toContain("5");
});
