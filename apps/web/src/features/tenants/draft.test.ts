import { expect, it } from "vitest";
import { argumentsOf, draftOf, draftProblems, emptyDraft, issuesByField, resolutionOf } from "./draft.ts";

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

it("makes a draft of a row in review, and gives every service as it resolves it", () => {
  const draft = draftOf({
    id: "0198c0de-0000-7000-8000-000000000001",
    rut: "76086428-5",
    business_name: " Los Andes SpA",
    services_enabled: { crm: true, bot: false, erp: false, workflows: true, kpi: false },
    active: true,
    created_at: "2026-01-01T00:00:00+00:00",
  });
  expect(draft).toEqual({
    rut: "76.086.428-5",
    businessName: " Los Andes SpA",
    services: ["crm", "workflows"],
  });
  expect(resolutionOf("some-id", draft)).toEqual({
    tenantId: "some-id",
    rut: "76.086.428-5",
    businessName: "Los Andes SpA",
    services: { crm: true, bot: false, erp: false, workflows: true, kpi: false },
  });
});
