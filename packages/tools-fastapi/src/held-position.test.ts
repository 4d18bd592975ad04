import { expect, test } from "vitest";
import { heldAfter, heldCursorAfter, heldPositionOf } from "./held-position.ts";

const tenant_id = "0198c0de-0000-7000-8000-000000000001";

test("a cursor leads back to its row", () => {
  const row = { wanted: true, tenant_id, vendor: "odoo" } as const;
  expect(heldPositionOf(heldCursorAfter(row))).toEqual(row);
});

test.each([
  "",
  "x",
  Buffer.from('[true,"1","odoo"]').toString("base64url"),
  heldCursorAfter({ wanted: 1 } as never),
])("%j is refused as no cursor", (cursor) => {
  expect(() => heldPositionOf(cursor)).toThrow(/^cursor: /);
});

test("those that are not wanted come after those that are", () => {
  expect(heldAfter({ wanted: true, tenant_id, vendor: "n8n" })).toBe(
    `wanted.eq.false,and(wanted.eq.true,tenant_id.gt.${tenant_id}),and(wanted.eq.true,tenant_id.eq.${tenant_id},vendor.gt.n8n)`,
  );
  expect(heldAfter({ wanted: false, tenant_id, vendor: "n8n" })).not.toContain("wanted.eq.true");
});
