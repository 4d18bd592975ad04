import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { expect, test } from "vitest";
import { appearanceOf, needsDecision, unfinished } from "./state-kinds.ts";

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
])("%j is %s", (given, word, kind) => {
  expect(appearanceOf(service(given))).toEqual({ word, kind });
});

test("what is wanted and not well is unfinished, unless something is under way", () => {
  const services = [
    service({}),
    service({ drift: "missing" }),
    service({ state: "failed" }),
    service({ drift: "renamed" }),
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
