import { expect, test } from "vitest";
import { after, cursorAfter, positionOf } from "./held-position.ts";

const tenant_id = "0198c0de-0000-7000-8000-000000000001";

test("a cursor leads back to its row", () => {
  const row = { wanted: true, tenant_id, vendor: "odoo" } as const;
  expect(positionOf(cursorAfter(row))).toEqual(row);
});

test.each([
  "",
  "x",
  Buffer.from('[true,"1","odoo"]').toString("base64url"),
  cursorAfter({ wanted: 1 } as never),
])("%j is refused as no cursor", (cursor) => {
  expect(() => positionOf(cursor)).toThrow(/^cursor: /);
});

test("those that are not wanted come after those that are", () => {
  expect(after({ wanted: true, tenant_id, vendor: "n8n" })).toBe(
    `wanted.eq.false,and(wanted.eq.true,tenant_id.gt.${tenant_id}),and(wanted.eq.true,tenant_id.eq.${tenant_id},vendor.gt.n8n)`,
  );
  expect(after({ wanted: false, tenant_id, vendor: "n8n" })).not.toContain("wanted.eq.true");
});
