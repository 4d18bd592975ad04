import { expect, test } from "vitest";
import { fileName } from "./download.ts";

test.each([
  ["tenants.list", "tenants.list-2026-11-22T10-05-09Z.json"],
  ["../../etc/passwd\\x:\u202ey", "..-..-etc-passwd-x-y-2026-11-22T10-05-09Z.json"],
])("the file of %j", (name, expected) => {
  expect(fileName(name, new Date("2026-11-22T10:05:09.987Z"))).toBe(expected);
});
