import { expect, test } from "vitest";
import { burnOf } from "./burn-rate.ts";
import { alertRule, alertRuleFile, builtInRules, mergeRules } from "./rule.ts";

test.each([
  [{ kind: "errors", id: "Errors" }, "id", /lower case letters, digits and hyphens/],
  [{ kind: "errors", id: "errors", objective: 0.9 }, "objective", /0\.94 or more/],
  [{ kind: "errors", id: "errors", objectiv: 0.99 }, "", /objectiv/],
  [{ kind: "error", id: "errors" }, "kind", /./],
  [{ kind: "probe", id: "web", openAfter: 0 }, "openAfter", />=1/],
])("a wrong rule is refused by the name of its field: %j", (rule, field, message) => {
  const issue = alertRule.safeParse(rule).error?.issues[0];
  expect(issue?.path.join(".")).toBe(field);
  expect(issue?.message).toMatch(message);
});

test("a file names the rule and the field, and takes no id twice and no window that ends before it begins", () => {
  const issues = (file: unknown) =>
    alertRuleFile.safeParse(file).error?.issues.map(({ path }) => path.join("."));
  expect(
    issues({
      rules: [
        { kind: "probe", id: "a" },
        { kind: "probe", id: "b", closeAfter: "3" },
      ],
    }),
  ).toEqual(["rules.1.closeAfter"]);
  expect(
    issues({
      rules: [
        { kind: "probe", id: "a" },
        { kind: "errors", id: "a" },
      ],
    }),
  ).toEqual(["rules"]);
  const window = { from: "2026-03-01T10:00:00Z", until: "2026-03-01T09:00:00Z" };
  expect(issues({ maintenance: [window] })).toEqual(["maintenance.0.until"]);
});

test("a later rule replaces the built-in one of its id", () => {
  const mine = alertRule.parse({ kind: "probe", id: "services", openAfter: 5 });
  const merged = mergeRules(builtInRules, [mine]);
  expect(merged).toHaveLength(builtInRules.length);
  expect(merged.find(({ id }) => id === "services")).toEqual(mine);
});

// The Site Reliability Workbook, chapter 5: 14.4 times over 1 h and 5 min, 6 over 6 h and 30 min, 1 over 3 d and 6 h.
test.each([
  ["just burning", { 60: [1000, 144], 5: [100, 15] }, "bad"],
  ["just not", { 60: [1000, 143], 5: [100, 15] }, "good"],
  ["over already", { 60: [1000, 500], 5: [100, 14] }, "good"],
  ["slower", { 360: [1000, 60], 30: [100, 6] }, "bad"],
  ["slowest", { 4320: [1000, 10], 360: [100, 1] }, "bad"],
  ["too few calls", { 60: [19, 19], 5: [19, 19] }, "unknown"],
  ["just enough calls", { 60: [20, 20], 5: [1, 1] }, "bad"],
] as [string, Record<number, [number, number]>, string][])("burn rate: %s", (_, windows, state) => {
  const counts = Object.entries(windows).map(([minutes, [calls, failed]]) => {
    return [Number(minutes), { minutes: Number(minutes), tool: "t", calls, failed, slow: {} }] as const;
  });
  const burn = burnOf(new Map(counts), ({ failed }) => failed, {
    objective: 0.99,
    minimumCalls: 20,
    what: "failed",
  });
  expect(burn.state).toBe(state);
});
