import { expect, it } from "vitest";
import type { HealthRow } from "./health-row.ts";
import type { PassReport } from "./pass.ts";
import { asJson, asTable, printOnChange } from "./report.ts";
import { exampleRow } from "./row.fixture.ts";

function reportOf(row: Partial<HealthRow>, rest: Partial<PassReport> = {}): PassReport {
  const results = [
    { ...exampleRow(12), ...row },
    { ...exampleRow(8), service: "backend.validate" },
  ];
  return { ok: true, at: "2030-01-01T00:00:00.000Z", results, stored: true, partitions: "ensured", ...rest };
}
const down = { status: "error", error_message: "unreachable", metadata: { cause: "ECONNREFUSED" } } as const;

it("formats a pass as a table", () => {
  expect(asTable(reportOf(down, { stored: false, partitions: "failed" })).split("\n")).toEqual([
    "web               error        12 ms  unreachable (ECONNREFUSED)",
    "backend.validate  ok            8 ms",
    "not stored: the log says why",
    "the audit log's partitions could not be made: the log says why",
  ]);
});

it("formats a pass as one line of JSON", () => {
  const text = asJson(reportOf(down, { ok: false }));
  expect(text).not.toContain("\n");
  expect(JSON.parse(text)).toEqual({
    ok: false,
    at: "2030-01-01T00:00:00.000Z",
    stored: true,
    partitions: "ensured",
    results: [
      {
        service: "web",
        status: "error",
        latencyMs: 12,
        error: "unreachable",
        metadata: { cause: "ECONNREFUSED" },
      },
      { service: "backend.validate", status: "ok", latencyMs: 8, metadata: { httpStatus: 200 } },
    ],
  });
});

it("prints a pass only when it differs from the previous one", () => {
  const printed: string[] = [];
  const print = printOnChange((text) => printed.push(text));
  const slower = reportOf({ latency_ms: 900 }, { partitions: "kept" });
  for (const report of [reportOf({}), slower, reportOf(down), reportOf(down), reportOf({})]) print(report);
  expect(printed.map((text) => text.split("\n")[1]?.split(/ +/)[1])).toEqual(["ok", "error", "ok"]);
});
