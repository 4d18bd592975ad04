import type { RecordedCall } from "@smarteros/observability";
import { expect, test } from "vitest";
import { callFormats } from "./call-formats.ts";

const call: RecordedCall = {
  id: "1",
  at: "2026-11-25T10:00:00+00:00",
  userId: "user_1",
  tool: "tenants.get",
  tenantId: null,
  code: "ok",
  success: true,
  durationMs: 12,
  calls: 1,
  transport: "http",
  recordedBy: "service",
  requestId: "r",
  traceId: null,
  redacted: false,
  args: { note: 'say "hi", then\nleave' },
  result: null,
};

test("CSV quotes what would break a row", () => {
  expect(callFormats.csv?.line(call)).toBe(
    '"1","2026-11-25T10:00:00+00:00","user_1","tenants.get","","ok","true","12","1","http","r","","service","false","{""note"":""say \\""hi\\"", then\\nleave""}",""\r\n',
  );
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1"])(
  "CSV makes %j a text, not a formula",
  (text) => {
    expect(callFormats.csv?.line({ ...call, userId: text, tool: text })).toContain(`"'${text}","'${text}"`);
  },
);

test("NDJSON is one line a call, whatever it holds", () => {
  const line = callFormats.ndjson?.line(call) ?? "";
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual(call);
});
