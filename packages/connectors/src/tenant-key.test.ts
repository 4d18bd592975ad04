import fc from "fast-check";
import { expect, it } from "vitest";
import { tenantKey, tenantOfKey } from "./tenant-key.ts";

it("a key has 22 characters and decodes to its tenant; other texts do not decode", () => {
  fc.assert(
    fc.property(fc.uuid(), (tenantId) => {
      const key = tenantKey(tenantId);
      expect(key).toMatch(/^[\w-]{22}$/);
      expect(tenantOfKey(key)).toBe(tenantId);
      const last = String.fromCharCode(key.charCodeAt(21) + 1);
      expect(tenantOfKey(key.slice(0, 21) + last) ?? "").not.toBe(tenantId);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => tenantOfKey(text) === undefined || text.length === 22));
  expect(() => tenantKey("t_01")).toThrow(TypeError);
});
