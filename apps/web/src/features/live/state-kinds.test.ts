import type { Run, Service } from "@smarteros/tools-fastapi/provisioning-log";
import { expect, test } from "vitest";
import {
  appearanceOf,
  hasUndoFailed,
  isRetriable,
  lastComparison,
  needsDecision,
  unfinished,
} from "./state-kinds.ts";

const service = (given: Partial<Service>) =>
  ({ vendor: "odoo", wanted: true, state: "active", drift: null, held: false, ...given }) as Service;

test.each<[Partial<Service>, string, string]>([
  [{}, "active", "ok"],
  [{ drift: "renamed" }, "drifted", "warning"],
  [{ wanted: false }, "unwanted", "warning"],
  [{ state: "absent" }, "pending", "pending"],
  [{ state: "absent", wanted: false }, "absent", "none"],
  [{ state: "disabled" }, "toEnable", "pending"],
  [{ state: "disabled", wanted: false }, "disabled", "none"],
  [{ state: "unsupported" }, "active", "ok"],
  [{ state: "unsupported", wanted: false }, "unsupported", "warning"],
  [{ held: true }, "held", "pending"],
  [{ held: true, state: "absent", wanted: false }, "held", "pending"],
  [{ held: true, state: "running" }, "running", "running"],
  [{ state: "failed", drift: "missing" }, "failed", "down"],
  [{ state: "absent", drift: "missing" }, "pending", "pending"],
  [{ state: "absent", drift: "unrecorded" }, "drifted", "warning"],
  [{ state: "absent", wanted: false, drift: "missing" }, "drifted", "warning"],
  [{ state: "disabled", wanted: false, drift: "unwanted" }, "drifted", "warning"],
  [{ state: "running", wanted: false, drift: "unwanted" }, "running", "running"],
])("%j is %s", (given, word, kind) => {
  expect(appearanceOf(service(given))).toEqual({ word, kind });
});

test("what is wanted and not well is unfinished, unless something is under way", () => {
  const services = [
    service({}),
    service({ drift: "missing" }),
    service({ state: "failed" }),
    service({ drift: "renamed" }),
    service({ drift: "duplicate" }),
    service({ state: "absent", wanted: false }),
    service({ state: "waiting" }),
    service({ state: "absent", held: true }),
    service({ drift: "missing", held: true }),
  ];
  expect(unfinished(services)).toEqual([services[1], services[2]]);
});

test.each<[Partial<Service>, boolean]>([
  [{ held: true }, true],
  [{ held: true, state: "running" }, false],
  [{ state: "failed", remedy: "confirm_creation" }, true],
  [{ state: "failed", remedy: "check_credential" }, false],
  [{ state: "running", remedy: "confirm_creation" }, false],
])("%j needs a person's decision: %j", (given, expected) => {
  expect(needsDecision(service(given))).toBe(expected);
});

const run = (state: Run["state"], steps: Run["provision_steps"][number]["state"][]) =>
  ({
    id: "run",
    state,
    cancelled_at: state === "cancelled" ? "2026-11-30T12:00:00Z" : null,
    provision_steps: steps.map((state) => ({ vendor: "odoo", state })),
  }) as Run;

test.each<[Run["state"], Parameters<typeof run>[1], boolean]>([
  ["failed", ["failed"], true],
  ["partial", ["succeeded", "failed"], true],
  ["running", ["running", "failed"], false],
  ["succeeded", ["succeeded"], false],
  ["cancelled", ["cancelled", "failed"], false],
  ["cancelled", ["undone", "undo_failed"], true],
])("a %s run with steps %j has something to retry: %j", (state, steps, expected) => {
  expect(isRetriable(run(state, steps))).toBe(expected);
});

test("a service whose run failed to undo what it created says so", () => {
  const failed = service({ state: "failed", run_id: "run" });
  const runs = [run("cancelled", ["undo_failed"])];
  expect(hasUndoFailed(failed, runs)).toBe(true);
  expect(hasUndoFailed(service({ state: "failed", run_id: "another" }), runs)).toBe(false);
  expect(hasUndoFailed(service({ state: "active", run_id: "run" }), runs)).toBe(false);
  expect(hasUndoFailed(failed, [run("failed", ["failed"])])).toBe(false);
  expect(appearanceOf(failed, true)).toEqual({ word: "undoFailed", kind: "down" });
});

test("the last comparison is the oldest of the services that there is something to compare of", () => {
  const at = (compared_at: string | null, given: Partial<Service> = {}) => service({ compared_at, ...given });
  expect(lastComparison([at(null)])).toBeUndefined();
  const services = [
    at("2026-11-30T12:00:00+00:00"),
    at("2026-11-30T11:00:00.5+00:00"),
    at(null),
    at("2026-11-29T11:00:00+00:00", { wanted: false, external_id: null }),
  ];
  expect(lastComparison(services)).toBe("2026-11-30T11:00:00.5+00:00");
});
