import { expect, test } from "vitest";
import { auditAddress, auditFiltersOf, callFiltersOf } from "./filters.ts";

const read = (params: Record<string, string | string[]>) =>
  callFiltersOf(auditFiltersOf(params), "America/Santiago");

test("an address's filters become what is looked for, and what is empty does not", () => {
  expect(
    read({
      user: " user_1 ",
      tool: ["tenants.get", "x"],
      status: "failed",
      from: "2026-11-25T10:00",
      request: "",
      stray: "1",
    }),
  ).toEqual({
    ok: true,
    filters: { user: "user_1", tool: "tenants.get", status: "failed", from: "2026-11-25T13:00:00.000Z" },
  });
});

test.each([
  ["tenantId", { tenant: "1" }],
  ["from", { from: "yesterday" }],
  ["to", { to: "0000-01-01T00:00:00Z" }],
  ["status", { status: "OK;" }],
  ["id", { id: "1" }],
  ["user", { user: "x".repeat(300) }],
])("%s that makes no sense is named", (name, params) => {
  expect(read(params)).toEqual({ ok: false, name });
});

test("an address keeps what was given, escaped", () => {
  expect(auditAddress({ user: "a&b", tool: "", cursor: undefined })).toBe("/dashboard/audit?user=a%26b");
  expect(auditAddress({})).toBe("/dashboard/audit");
});
