import type { HealthBar, HealthTimeline } from "@smarteros/observability";
import { expect, test } from "vitest";
import { addressOf, rangeOf } from "./range.ts";
import { slotsOf } from "./slots.ts";

const empty = { services: [], countedFrom: null, incidents: [], windows: [] };
const bar = (at: string): HealthBar => ({
  at,
  state: "ok",
  samples: 1,
  uptime: 1,
  p50: 1,
  p95: 1,
  p99: 1,
});

test("every day has a slot, and one of which nothing was seen is empty", () => {
  // As Postgres writes moments into JSON.
  const timeline: HealthTimeline = {
    ...empty,
    from: "2026-11-01T00:00:00+00:00",
    to: "2026-11-04T09:30:00.123456+00:00",
    step: "day",
  };
  const slots = slotsOf(timeline, [bar("2026-11-02T00:00:00+00:00"), bar("2026-11-04T00:00:00+00:00")]);
  expect(slots.map(({ at, bar }) => [at.slice(0, 10), bar?.samples])).toEqual([
    ["2026-11-01", undefined],
    ["2026-11-02", 1],
    ["2026-11-03", undefined],
    ["2026-11-04", 1],
  ]);
});

test("24 hours are 24 slots", () => {
  const timeline: HealthTimeline = {
    ...empty,
    from: "2026-11-03T10:00:00+00:00",
    to: "2026-11-04T09:59:59+00:00",
    step: "hour",
  };
  expect(slotsOf(timeline, [])).toHaveLength(24);
});

test("an address without a range that is known asks for 90 days", () => {
  expect(rangeOf({ range: "24h" })).toBe("24h");
  expect(rangeOf({ range: ["30d", "24h"] })).toBe("30d");
  for (const range of [undefined, "", "constructor", "7d"]) expect(rangeOf({ range })).toBe("90d");
  expect([addressOf("24h"), addressOf("90d")]).toEqual(["/dashboard/health?range=24h", "/dashboard/health"]);
});
