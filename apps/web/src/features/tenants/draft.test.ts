import { expect, it } from "vitest";
import { argumentsOf, draftProblems, emptyDraft, issuesByField } from "./draft.ts";

const valid = { rut: "12.345.678-5", businessName: "Los Andes SpA", services: [] };

it.each([
  [{ ...emptyDraft }, { rut: "missing", businessName: "missing" }],
  [valid, {}],
  [{ ...valid, rut: " 012345678-5 " }, {}],
  [{ ...valid, rut: "12.345.678-9" }, { rut: "check_digit" }],
  [{ ...valid, rut: "1234" }, { rut: "too_short" }],
  [{ ...valid, businessName: " A " }, { businessName: "too_short" }],
  [{ ...valid, businessName: "A".repeat(120) }, {}],
  [{ ...valid, businessName: "A".repeat(121) }, { businessName: "too_long" }],
])("finds what is wrong with %j", (draft, problems) => {
  expect(draftProblems(draft)).toEqual(problems);
});

it("makes the arguments of a call, with the services that were chosen and no others", () => {
  const rut = "76086428-5";
  expect(argumentsOf({ rut, businessName: " Viña ", services: ["kpi", "crm"] })).toEqual({
    rut: "76.086.428-5",
    businessName: "Viña",
    services: { crm: true, kpi: true },
  });
  expect(argumentsOf(valid)).toEqual({ rut: "12.345.678-5", businessName: "Los Andes SpA" });
});

it("puts the server's issues on their fields and keeps the rest", () => {
  const other = { path: "services.fax", message: "Unrecognized key" };
  expect(issuesByField([{ path: "businessName", message: "Too short." }, other])).toEqual({
    rut: undefined,
    businessName: "Too short.",
    others: [other],
  });
});
