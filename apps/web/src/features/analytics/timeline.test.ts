import type { CallQuestion, CallSummary, Figures } from "@smarteros/observability";
import { expect, test } from "vitest";
import { errorRate, niceMaximum, timelineOf } from "./timeline.ts";

const figures: Figures = { calls: 4, errors: 1, limited: 0, p50: 1, p95: 2, p99: 3 };
const summary = (...moments: string[]): CallSummary => ({
  total: figures,
  before: null,
  moments: moments.map((at) => ({ ...figures, at })),
  tools: [],
  users: [],
  tenants: [],
  latencies: [],
  selfReported: null,
  countedUntil: null,
});

test("a day has an hour for each moment, also for those without a call, and its ends are not whole", () => {
  const question: CallQuestion = { from: "2026-11-25T10:20:00Z", to: "2026-11-26T10:20:00Z" };
  const buckets = timelineOf(question, summary("2026-11-25T12:00:00+00:00"));
  expect(buckets).toHaveLength(25);
  expect(buckets.map(({ figures }) => figures?.calls ?? 0).filter((calls) => calls > 0)).toEqual([4]);
  expect(buckets[2]).toMatchObject({ at: Date.parse("2026-11-25T12:00:00Z"), isWhole: true });
  expect(buckets.filter(({ isWhole }) => !isWhole).map(({ at }) => at)).toEqual([
    Date.parse("2026-11-25T10:00:00Z"),
    Date.parse("2026-11-26T10:00:00Z"),
  ]);
});

test.each([
  [0, 1],
  [0.4, 0.5],
  [1, 1],
  [3, 5],
  [7_001, 10_000],
])("the axis of %d ends at %d", (figure, end) => expect(niceMaximum(figure)).toBeCloseTo(end));

test("without a call nothing failed", () => {
  expect([errorRate(figures), errorRate({ ...figures, calls: 0, errors: 0 })]).toEqual([0.25, 0]);
});
